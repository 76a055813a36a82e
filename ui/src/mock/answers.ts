import type {
  ChainLink,
  CompareRow,
  Comparison,
  IntegrationItem,
  IntegrationRef,
  Offer,
  ScopeName,
  ScopeRef,
  ScopeView,
  Shown,
  Source,
  State,
  TreeRow,
  Verdict,
} from "../ipc/types";
import { formOf, type MockField } from "./catalog";
import type { Company, Row, Scope } from "./company";
import { kinds } from "./kinds";

const initial: Record<string, string> = { project: "p", group: "g", instance: "i" };

export const nameOf = (scope: Scope): ScopeName => ({ scope: scope.ref, name: scope.name, path: scope.path });

export function find(company: Company, ref: ScopeRef): Scope {
  const scope = company.all.get(`${ref.level}:${ref.id}`);
  if (!scope) throw new Error(`The mock has no ${ref.level} ${ref.id}.`);
  return scope;
}

export function ancestors(scope: Scope): Scope[] {
  const above: Scope[] = [];
  for (let at = scope.parent; at; at = at.parent) above.unshift(at);
  return above;
}

// The tree never changes; asked for once per cell, it is worth keeping.
const allBelow = new WeakMap<Scope, Scope[]>();
function below(scope: Scope): Scope[] {
  const known = allBelow.get(scope);
  if (known) return known;
  const found = scope.children.flatMap((child) => [child, ...below(child)]);
  allBelow.set(scope, found);
  return found;
}

/** The nearest scope above with its own row of this kind. */
export function sourceOf(scope: Scope, slug: string): Scope | null {
  return ancestors(scope).findLast((above) => above.rows.get(slug)?.link === "custom") ?? null;
}

export const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** How many settings of a row are not as in its default. */
function differing(row: Row, source: Row): number {
  const fields = Object.keys(row.fields).filter((name) => !same(row.fields[name], source.fields[name]));
  const events = Object.keys(row.events).filter((name) => row.events[name] !== source.events[name]);
  return fields.length + events.length;
}

const sourceRef = (source: Scope | null): Source | null =>
  source ? { kind: "known", from: nameOf(source), inferred: source.ref.level === "instance" } : null;

export function item(
  company: Company,
  scope: Scope,
  slug: string,
  drafts: ReadonlySet<string>,
): IntegrationItem {
  const [, title = slug, category = "other", levels = "pgi"] = kinds.find(([each]) => each === slug) ?? [];
  const row = scope.rows.get(slug);
  const source = sourceOf(scope, slug);
  const sourceRow = source?.rows.get(slug);
  const count = row && sourceRow ? differing(row, sourceRow) : null;
  const inherits = below(scope).filter((other) => other.rows.get(slug)?.link === "inherited");
  const customs = below(scope).filter((other) => other.rows.get(slug)?.link === "custom");
  const allowed = levels.includes(initial[scope.ref.level] ?? "");
  const state = (): State => {
    if (scope.unreadable) return "unknown";
    if (!allowed) return "unavailable";
    if (row) {
      if (!row.active) return "disabled";
      if (row.link === "custom") return "custom";
      return count ? "inherited_differs" : "inherited";
    }
    if (slug === "redmine" || slug === "bamboo") return "off";
    return slug === "telegram" && scope.ref.level === "project" ? "unknown" : "not_set";
  };
  const now = state();
  return {
    slug,
    title,
    category,
    state: now,
    inherited: row ? row.link === "inherited" : null,
    active: row?.active ?? null,
    agrees: row?.link === "inherited" ? (count ? "no" : "yes") : null,
    source: row ? sourceRef(source) : null,
    differing: row?.link === "custom" || count ? count : null,
    comparable: row && sourceRow ? Object.keys(row.fields).length + Object.keys(row.events).length : null,
    sets_default: row?.link === "custom" && scope.ref.level !== "project",
    inherit_below: inherits.length,
    custom_below: customs.length,
    why:
      now === "unavailable"
        ? {
            kind: "level",
            text: levels === "i" ? "Set at instance level only" : `Cannot be set at ${scope.ref.level} level`,
          }
        : now === "unknown"
          ? scope.unreadable
            ? { kind: "no_permission", text: "Your token isn’t a member of this group" }
            : { kind: "failed", text: "GitLab answered 502 at 14:24" }
          : null,
    inferred: scope.ref.level === "instance" && row !== undefined,
    updated_at: row?.updatedAt ?? null,
    read_at:
      now === "off" || now === "unknown"
        ? null
        : (row?.readAt ?? new Date(company.now - 240_000).toISOString()),
    draft: drafts.has(slug),
  };
}

export function treeRow(company: Company, scope: Scope, drafts: number, matches = true): TreeRow {
  const here = [scope, ...below(scope)];
  const rows = here.flatMap((each) => [...each.rows.entries()].map(([slug, row]) => ({ each, slug, row })));
  return {
    scope: scope.ref,
    parent: scope.parent?.ref ?? null,
    depth: scope.depth,
    name: scope.name,
    path: scope.path,
    children: scope.children.length,
    projects: here.filter((each) => each.ref.level === "project").length,
    custom: rows.filter(({ row }) => row.link === "custom").length,
    sets_defaults:
      scope.ref.level === "project"
        ? 0
        : [...scope.rows.values()].filter((row) => row.link === "custom").length,
    differs: rows.filter(
      ({ each, slug }) => item(company, each, slug, new Set()).state === "inherited_differs",
    ).length,
    archived: scope.archived,
    pending_deletion: scope.pendingDeletion,
    personal: scope.personal,
    gone: false,
    unreadable: scope.unreadable
      ? {
          kind: "no_permission",
          text: "GitLab answered 403: your token isn’t a member of this group. Ask an owner to add it.",
          at: new Date(company.now - 240_000).toISOString(),
        }
      : null,
    drafts,
    matches,
  };
}

export function scopeView(company: Company, scope: Scope, drafts: ReadonlySet<string>): ScopeView {
  return {
    scope: treeRow(company, scope, drafts.size),
    ancestors: ancestors(scope).map(nameOf),
    integrations: kinds.map(([slug]) => item(company, scope, slug, drafts)),
    read_at: scope.unreadable ? null : new Date(company.now - 240_000).toISOString(),
  };
}

/** One side of a field: what a row stores. */
export function shown(row: Row | undefined, field: MockField): Shown {
  if (!row) return { kind: "none" };
  if (field.control === "password") return { kind: "hidden" };
  const value = row.fields[field.name] ?? { kind: "unset" };
  const label =
    value.kind === "text"
      ? (field.choices?.find(([choice]) => choice === value.value)?.[1] ?? null)
      : value.kind === "unset" && field.name === "api_url"
        ? "Not set: Web URL is used"
        : null;
  return { kind: "value", value, label };
}

export const shownEvent = (row: Row | undefined, name: string): Shown =>
  row
    ? { kind: "value", value: { kind: "bool", value: row.events[name] ?? false }, label: null }
    : { kind: "none" };

function verdict(a: Shown, b: Shown): Verdict {
  if (a.kind === "none" || b.kind === "none") return "one_sided";
  if (a.kind !== "value" || b.kind !== "value") return "cannot_compare";
  return same(a.value, b.value) ? "same" : "differs";
}

function chain(scope: Scope, slug: string, source: Scope | null): ChainLink[] {
  const own = scope.rows.get(slug);
  const way = [...ancestors(scope), scope];
  const from = source ? way.indexOf(source) : -1;
  return way.map((at, index) => {
    const last = index === way.length - 1;
    const row = at.rows.get(slug);
    return {
      scope: nameOf(at),
      role: last
        ? own?.link === "custom"
          ? "uses_own"
          : own
            ? "inherits"
            : "off"
        : row?.link === "custom"
          ? at.ref.level === "instance"
            ? "inferred"
            : "sets_default"
          : row
            ? "inherits"
            : "passes_on",
      source: own?.link === "custom" ? at === source : at === source,
      flows: from >= 0 && index >= from && !(own?.link === "custom" && index === way.length - 2),
    };
  });
}

export function compare(company: Company, at: IntegrationRef, drafts: ReadonlySet<string>): Comparison {
  const scope = find(company, at.scope);
  const form = formOf(at.slug);
  const own = scope.rows.get(at.slug);
  const source = sourceOf(scope, at.slug);
  const byDefault = source?.rows.get(at.slug);
  const it = item(company, scope, at.slug, drafts);
  const row = (
    name: string,
    title: string,
    secret: boolean,
    event: boolean,
    a: Shown,
    b: Shown,
  ): CompareRow => ({
    name,
    title,
    event,
    secret,
    default: a,
    own: b,
    verdict: verdict(a, b),
  });
  const sections = (["connection", "configuration", "trigger"] as const).map((kind) => ({
    kind,
    title: { connection: "Connection", configuration: "Configuration", trigger: "Trigger" }[kind],
    rows: [
      ...form.fields
        .filter((field) => field.section === kind)
        .map((field) =>
          row(
            field.name,
            field.title,
            field.control === "password",
            false,
            shown(byDefault, field),
            shown(own, field),
          ),
        ),
      ...(kind === "trigger"
        ? form.events.map((event) =>
            row(
              event.name,
              event.title,
              false,
              true,
              shownEvent(byDefault, event.name),
              shownEvent(own, event.name),
            ),
          )
        : []),
    ],
  }));
  const rows = sections.flatMap((section) => section.rows);
  const writable: Offer =
    it.state === "unavailable" || it.state === "unknown"
      ? { kind: "absent" }
      : scope.ref.level === "instance"
        ? {
            kind: "refused",
            why: {
              kind: "no_api",
              text: "GitLab’s API doesn’t reach instance defaults. Open them in GitLab to change them.",
            },
          }
        : { kind: "offered" };
  return {
    scope: nameOf(scope),
    item: it,
    description: form.description,
    chain: chain(scope, at.slug, source),
    default_from: sourceRef(source),
    default_read_at: byDefault?.readAt ?? null,
    own_read_at: own?.readAt ?? null,
    sections: own || byDefault ? sections : [],
    edit: writable,
    use_default: own?.link === "custom" && byDefault ? writable : { kind: "absent" },
    disable: own?.active ? writable : { kind: "absent" },
    use_default_effect:
      own?.link === "custom" && byDefault
        ? {
            changes: rows.filter((each) => each.verdict === "differs").length,
            same: rows.filter((each) => each.verdict === "same").length,
            secrets_lost: rows.filter((each) => each.secret).map((each) => each.title),
            switches_off: !byDefault.active,
          }
        : null,
  };
}
