import type {
  Besides,
  Change,
  Draft,
  DraftCheck,
  EditForm,
  FieldValue,
  FormSection,
  IntegrationRef,
  Plan,
  Problem,
  SecretNeed,
  Shown,
} from "../ipc/types";
import { ancestors, find, item, nameOf, same, shown, shownEvent, sourceOf } from "./answers";
import { formOf, type MockField } from "./catalog";
import type { Company, Row } from "./company";

const text = (value: FieldValue | undefined) =>
  value === undefined || value.kind === "unset" || value.kind === "empty" ? "" : String(value.value);

function visible(field: MockField, draft: Draft): boolean {
  return !field.shownIf || field.shownIf.one_of.includes(text(draft.fields[field.shownIf.field]) || "false");
}

/** What is stored, as a draft. */
export function stored(row: Row | undefined, slug: string): Draft {
  const form = formOf(slug);
  const fields = form.fields.filter((field) => field.control !== "password");
  return {
    fields: Object.fromEntries(
      fields.map((field) => [
        field.name,
        row?.fields[field.name] ??
          (field.control === "checkbox" ? { kind: "bool", value: false } : { kind: "unset" }),
      ]),
    ),
    events: Object.fromEntries(form.events.map((event) => [event.name, row?.events[event.name] ?? false])),
  };
}

/** The parts of a form; of one for many scopes, with nobody's settings. */
export function sectionsOf(slug: string, own?: Row, byDefault?: Row): FormSection[] {
  const form = formOf(slug);
  return (["connection", "configuration", "trigger"] as const).map((kind) => ({
    kind,
    title: { connection: "Connection", configuration: "Configuration", trigger: "Trigger" }[kind],
    fields: form.fields
      .filter((field) => field.section === kind)
      .map((field) => ({
        name: field.name,
        title: field.title,
        control: field.control,
        required: field.required ?? false,
        secret: field.control === "password",
        placeholder: field.placeholder ?? "",
        help: field.help ?? "",
        checkbox_label: "",
        variants: [],
        choices: (field.choices ?? []).map(([value, label]) => ({ value, label })),
        shown_if: field.shownIf ?? null,
        required_if: null,
        file: null,
        max_length: null,
        own: shown(own, field),
        default: shown(byDefault, field),
        api_only: false,
        deprecated: null,
      })),
    events:
      kind === "trigger"
        ? form.events.map((event) => ({
            ...event,
            channel: event.channel ?? null,
            own: own?.events[event.name] ?? null,
            default: byDefault?.events[event.name] ?? null,
          }))
        : [],
  }));
}

export function editForm(
  company: Company,
  at: IntegrationRef,
  kept: { draft: Draft; at: string } | undefined,
  drafts: ReadonlySet<string>,
): EditForm {
  const scope = find(company, at.scope);
  const source = sourceOf(scope, at.slug);
  const byDefault = source?.rows.get(at.slug);
  const own = scope.rows.get(at.slug);
  const it = item(company, scope, at.slug, drafts);
  return {
    scope: nameOf(scope),
    ancestors: ancestors(scope).map(nameOf),
    item: it,
    category: it.category,
    default_from: source
      ? { kind: "known", from: nameOf(source), inferred: source.ref.level === "instance" }
      : null,
    can_use_default: source !== null,
    enabled: own?.active ?? true,
    disable: own?.active ? { kind: "offered" } : { kind: "absent" },
    sections: sectionsOf(at.slug, own, byDefault),
    draft: kept?.draft ?? stored(own ?? byDefault, at.slug),
    kept_at: kept?.at ?? null,
    draft_outdated: false,
  };
}

const asShown = (value: FieldValue | undefined, field: MockField): Shown =>
  shown({ fields: value ? { [field.name]: value } : {} } as Row, field);

function problemsOf(form: MockField[], draft: Draft): Problem[] {
  return form.flatMap((field): Problem[] => {
    if (field.control === "password" || !visible(field, draft)) return [];
    const typed = text(draft.fields[field.name]);
    const problem = (message: string, missing = false) => [
      { field: field.name, title: field.title, message, missing },
    ];
    if (field.required && typed === "") return problem("GitLab wants this filled in.", true);
    if (field.exposes && typed !== "" && !/^https?:\/\//.test(typed))
      return problem("Must start with http:// or https://");
    if (field.name.endsWith("_regex") && typed.split("(").length !== typed.split(")").length) {
      return problem("Not a regular expression: the bracket opened at position 1 is never closed.");
    }
    return [];
  });
}

export function checkDraft(company: Company, at: IntegrationRef, draft: Draft, typed: string[]): DraftCheck {
  const scope = find(company, at.scope);
  const row = scope.rows.get(at.slug);
  const source = sourceOf(scope, at.slug)?.rows.get(at.slug);
  const form = formOf(at.slug);
  const fields = form.fields.filter((field) => visible(field, draft));
  const open = fields.filter((field) => field.control !== "password");
  const before = stored(row, at.slug);
  const changes: Change[] = [
    ...open
      .filter((field) => !same(draft.fields[field.name], before.fields[field.name]))
      .map((field) => ({
        name: field.name,
        title: field.title,
        before: asShown(before.fields[field.name], field),
        after: asShown(draft.fields[field.name], field),
      })),
    ...form.events
      .filter((event) => draft.events[event.name] !== before.events[event.name])
      .map((event) => ({
        name: event.name,
        title: event.title,
        before: shownEvent(before as unknown as Row, event.name),
        after: shownEvent(draft as unknown as Row, event.name),
      })),
  ];
  const exposing = row
    ? changes.find((change) => form.fields.find((field) => field.name === change.name)?.exposes)
    : undefined;
  const secrets = fields
    .filter((field) => field.control === "password")
    .map((field): SecretNeed => {
      const has = row?.secrets.has(field.name) === true && row.link === "custom";
      const dropped = has && exposing !== undefined;
      const state = typed.includes(field.name)
        ? "new"
        : has && !dropped
          ? "kept"
          : field.required
            ? "needed"
            : dropped
              ? "dropped"
              : "kept";
      const droppedBy = dropped ? exposing.title : null;
      return { field: field.name, title: field.title, state, dropped_by: droppedBy, remembered: false };
    });
  const missing = secrets
    .filter((secret) => secret.state === "needed")
    .map((secret): Problem => ({
      field: secret.field,
      title: secret.title,
      message: "Must be entered.",
      missing: true,
    }));
  const besides: Besides[] = [];
  if (row?.link !== "custom") {
    besides.push({ kind: "becomes_custom", from: sourceOf(scope, at.slug)?.path ?? null });
  }
  const lost = secrets.filter((secret) => secret.dropped_by !== null);
  if (exposing && lost.length > 0) {
    besides.push({
      kind: "drops_secrets",
      because: exposing.title,
      secrets: lost.map((secret) => secret.title),
    });
  }
  besides.push(row?.active ? { kind: "stays_on" } : { kind: "switches_on" });
  return {
    problems: [...problemsOf(form.fields, draft), ...missing],
    secrets,
    changes,
    still_differs: source
      ? [
          ...open
            .filter((field) => !same(draft.fields[field.name], source.fields[field.name]))
            .map((field) => field.title),
          ...form.events
            .filter((event) => draft.events[event.name] !== source.events[event.name])
            .map((event) => event.title),
        ]
      : [],
    cannot_compare: secrets.map((secret) => secret.title),
    settings: fields.length + form.events.length,
    besides,
  };
}

const nobody = { change: 0, keep: 0, switch_on: 0, maybe: 0, unseen: 0 };

export function planUseDefault(company: Company, at: IntegrationRef, id: string, madeAt: string): Plan {
  const scope = find(company, at.scope);
  const source = sourceOf(scope, at.slug);
  const row = scope.rows.get(at.slug);
  const target = source?.rows.get(at.slug);
  const form = formOf(at.slug);
  if (!source || !target) throw new Error("There is no default to use.");
  const check = checkDraft(company, at, stored(target, at.slug), []);
  const lost = form.fields.filter((field) => row?.secrets.has(field.name)).map((field) => field.title);
  return {
    id,
    made_at: madeAt,
    read_at: row?.readAt ?? madeAt,
    steps: [
      {
        id: 1,
        scope: nameOf(scope),
        slug: at.slug,
        title: item(company, scope, at.slug, new Set()).title,
        action: "use_default",
        source: nameOf(source),
        changes: check.changes,
        same: check.settings - check.changes.length - check.secrets.length,
        besides: [
          ...(lost.length > 0 ? [{ kind: "loses_secrets" as const, secrets: lost }] : []),
          { kind: "follows_default", of: source.path },
        ],
        secrets: [],
      },
    ],
    secrets: [],
    blast: nobody,
    requests: 3,
    confirm: { kind: "dialog" },
  };
}

export function planDisable(company: Company, at: IntegrationRef, id: string, madeAt: string): Plan {
  const scope = find(company, at.scope);
  const row = scope.rows.get(at.slug);
  const empty: Draft = { fields: {}, events: stored(row, at.slug).events };
  const inherits = row?.link === "inherited";
  const check = checkDraft(company, at, empty, []);
  return {
    id,
    made_at: madeAt,
    read_at: madeAt,
    steps: [
      {
        id: 1,
        scope: nameOf(scope),
        slug: at.slug,
        title: item(company, scope, at.slug, new Set()).title,
        action: "disable",
        source: null,
        changes: check.changes,
        same: check.settings - check.changes.length,
        besides: [
          ...(inherits
            ? [{ kind: "becomes_custom" as const, from: sourceOf(scope, at.slug)?.path ?? null }]
            : []),
          { kind: "blanks" },
        ],
        secrets: [],
      },
    ],
    secrets: [],
    blast: nobody,
    requests: inherits ? 4 : 3,
    confirm: { kind: "dialog" },
  };
}

export function planSetCustom(
  company: Company,
  at: IntegrationRef,
  draft: Draft,
  secrets: string[],
  id: string,
  madeAt: string,
): Plan {
  const scope = find(company, at.scope);
  const check = checkDraft(company, at, draft, secrets);
  const it = item(company, scope, at.slug, new Set());
  const needed = check.secrets.filter(({ state }) => state === "new" || state === "needed");
  return {
    id,
    made_at: madeAt,
    read_at: madeAt,
    steps: [
      {
        id: 1,
        scope: nameOf(scope),
        slug: at.slug,
        title: it.title,
        action: "set_custom",
        source: null,
        changes: check.changes,
        same: check.settings - check.changes.length - check.secrets.length,
        besides: check.besides,
        secrets: needed.map(({ field, title }) => ({ field, title })),
      },
    ],
    secrets: needed.map(({ field, title }) => ({ field, title, steps: 1, remembered: 0 })),
    blast: nobody,
    requests: 3,
    confirm: { kind: "dialog" },
  };
}
