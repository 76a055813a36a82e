import type {
  ChainRole,
  IntegrationItem,
  Level,
  SectionKind,
  Source,
  State,
  UseDefaultEffect,
} from "../../ipc/types";
import * as f from "../format";

const place = (scope: { scope: { level: Level }; path: string }) =>
  scope.scope.level === "instance" ? "instance" : scope.path;

function from(source: Source | null): string {
  if (!source) return "Source not known";
  if (source.kind === "not_visible") return `Source not visible: ${place(source.ancestor)} can’t be read`;
  return `From ${place(source.from)}${source.inferred ? ", inferred" : ""}`;
}

const below = (item: IntegrationItem) =>
  `${f.number(item.inherit_below)} inherit, ${f.number(item.custom_below)} custom below`;

/** One line: why the state is what it is. */
function reason(item: IntegrationItem, level: Level, now: number): string {
  const source = item.source?.kind === "known" ? place(item.source.from) : null;
  switch (item.state) {
    case "inherited":
      return item.sets_default && item.inherit_below > 0
        ? `${from(item.source)} · ${below(item)}`
        : from(item.source);
    case "inherited_differs": {
      const settings =
        item.differing === null
          ? "some settings are"
          : f.plural(item.differing, "setting is", "settings are");
      return `Linked to ${source ?? "a default"}, but ${settings} older: GitLab didn’t copy them`;
    }
    case "custom": {
      if (item.inferred) return `Inferred: ${below(item)}`;
      if (item.sets_default && (item.inherit_below > 0 || level !== "project")) return below(item);
      if (item.differing === null)
        return source ? `Own settings in place of ${source}’s` : "No default exists above";
      const versus = source ?? "the default";
      if (item.differing === 0) return `Own settings, equal to ${versus}`;
      const of = item.comparable === null ? "" : ` of ${f.number(item.comparable)}`;
      return `${f.number(item.differing)}${of} ${item.differing === 1 ? "differs" : "differ"} from ${versus}`;
    }
    case "disabled": {
      const when = item.updated_at ? ` ${f.date(item.updated_at)}` : "";
      if (item.inherited) return `${from(item.source)}, switched off${when}`;
      return `Custom here, switched off${when}`;
    }
    case "off":
      return "Not in GitLab’s list; not looked up yet";
    case "not_set":
      return item.read_at
        ? `Looked up ${f.clock(item.read_at, now)}: nothing stored`
        : "Looked up: nothing stored";
    case "unavailable":
    case "unknown":
      return item.why?.text ?? "No reason is known";
  }
}

export const integrations = {
  label: "Integrations",
  reason,
  from,
  groups: { custom: "Custom", inherited: "Inherited", unused: "Not in use" },
  segments: { label: "Which integrations", used: "In use", custom: "Custom", all: "All" },
  filter: "Filter",
  filterLabel: "Filter integrations",
  noneMatch: (query: string) => `No integration matches “${query}”`,
  noneCustom: "No custom settings here",
  noneCustomNext: "Everything in use comes from default settings.",
  noneUsed: "No integration is in use here",
  noneUsedNext: "Show all to see what could be set.",
  showAll: "Show all",
  moreUnused: (counts: { notSet: number; off: number; unavailable: number; unknown: number }) => {
    const total = counts.notSet + counts.off + counts.unavailable + counts.unknown;
    const parts = [
      counts.notSet > 0 ? `${f.number(counts.notSet)} not set` : "",
      counts.off > 0 ? `${f.number(counts.off)} off` : "",
      counts.unavailable > 0 ? `${f.number(counts.unavailable)} unavailable` : "",
      counts.unknown > 0 ? `${f.number(counts.unknown)} unknown` : "",
    ].filter((part) => part !== "");
    return `${f.number(total)} more: ${parts.join(", ")}`;
  },
  fewerUnused: "Show fewer",
  draft: "A draft is kept here, not sent",
  listRead: (iso: string, now: number) => `List read ${f.ago(iso, now)}`,
  listNotRead: "Not read yet",
  instanceNotRead: "No token reaches it: inferred",
  notReadable: "This scope could not be read",
  pick: "Choose a scope on the left",
  pickNext: "Its integrations are listed here, each with its state and where its settings come from.",
  why: {
    title: (state: string) => `Why it says ${state}`,
    known: (item: IntegrationItem, level: Level, now: number): string[] => {
      const lines: string[] = [];
      const source = item.source;
      switch (item.state) {
        case "inherited":
        case "inherited_differs":
          if (source?.kind === "known") {
            lines.push(
              source.inferred
                ? `From ${place(source.from)}. GitLab doesn’t say so: it is inferred, since no scope between sets a default.`
                : `From ${place(source.from)}, the nearest scope above that sets a default.`,
            );
          } else {
            lines.push(`${from(source)}.`);
          }
          if (item.state === "inherited_differs") lines.push(`${reason(item, level, now)}.`);
          if (item.agrees === "unread")
            lines.push("Its values were not read: nothing suggests that they differ from the default.");
          break;
        case "custom":
          lines.push(
            `${level === "project" ? "This project" : level === "group" ? "This group" : "The instance"} has its own settings in place of the default.`,
          );
          lines.push(`${reason(item, level, now)}.`);
          break;
        case "disabled":
        case "off":
        case "not_set":
        case "unavailable":
        case "unknown":
          lines.push(`${reason(item, level, now).replace(/\.$/, "")}.`);
          break;
      }
      if (item.inferred) {
        lines.push("GitLab’s API doesn’t reach instance defaults: this follows from what inherits them.");
        return lines;
      }
      lines.push(item.read_at ? `Read from GitLab ${f.at(item.read_at, now)}.` : "Not read from GitLab yet.");
      return lines;
    },
  },
};

const roles: Record<ChainRole, string> = {
  sets_default: "sets this default",
  inherits: "inherits",
  passes_on: "passes on",
  uses_own: "uses its own",
  off: "off here",
  not_visible: "can’t be read",
  inferred: "sets this default, inferred",
};

/** What is said of a scope that has nothing in use. */
const nothingAt: Record<State, string> = {
  inherited: "inherits",
  inherited_differs: "inherits",
  custom: "uses its own",
  disabled: "switched off here",
  off: "off here",
  not_set: "not set here",
  unavailable: "unavailable here",
  unknown: "not known here",
};

const sections: Record<SectionKind, string> = {
  connection: "Connection",
  configuration: "Configuration",
  trigger: "Trigger",
  unknown: "Not in the catalog",
};

export const compare = {
  subject: (scope: string, integration: string) => `${scope}, ${integration}`,
  roles,
  nothingAt,
  sections,
  chainLabel: "Where these settings come from",
  instance: "Instance",
  setting: "Setting",
  settingNote: "As in GitLab’s form",
  default: "Default",
  noDefault: "No default exists above",
  projectOnly: "Project only: no default exists",
  defaultRead: (iso: string, now: number) => `, read ${f.ago(iso, now)}`,
  defaultUnread: ", not read",
  inferred: ", inferred",
  sourceHidden: (path: string) => `${path} can’t be read`,
  own: {
    inferred: "Inferred from what inherits it",
    custom: (updated: string | null) => (updated ? `Custom, changed ${f.date(updated)}` : "Custom"),
    inherited: (read: string | null, now: number) =>
      read ? `Inherited, read ${f.ago(read, now)}` : "Inherited; values not read",
    disabled: (updated: string | null) =>
      updated ? `Switched off, changed ${f.date(updated)}` : "Switched off",
    nothing: "Nothing stored here",
    unread: "Not read",
  },
  differ: (n: number) => f.form(n, `${f.number(n)} differs`, `${f.number(n)} differ`),
  equal: (n: number) => `${f.number(n)} equal`,
  allEqual: "all equal",
  sameAsDefault: "the same",
  oneSided: (n: number) => f.plural(n, "setting", "settings"),
  cannotCompare: "can’t be compared",
  unreadValues: "Not read: nothing suggests that it differs",
  notInherited: "Nothing stored",
  verdict: "Verdict",
  verdicts: {
    same: "Equal",
    differs: "Differs",
    cannot_compare: "Can’t be compared",
    one_sided: "Only on one side",
  },
  note: (effect: UseDefaultEffect) => {
    const sentences: string[] = [];
    const here = `changes ${f.plural(effect.changes, "setting", "settings")} here`;
    const lost = effect.secrets_lost.length;
    sentences.push(
      lost > 0
        ? `${here} and deletes ${lost === 1 ? `the stored ${lower(effect.secrets_lost[0] ?? "")}` : `${f.number(lost)} stored secrets (${f.list(effect.secrets_lost.map(lower))})`}, which GitLab can’t give back.`
        : `${here}.`,
    );
    if (effect.switches_off) sentences.push("The default is switched off, so it is switched off here too.");
    sentences.push("You see the plan before anything is sent.");
    return sentences.join(" ");
  },
  copied: "Value copied",
  nothing: "No settings to compare",
  nothingNext: "GitLab stores nothing for this integration here, and no scope above sets a default.",
  pick: "Choose an integration",
  pickNext: "Its default and own settings are shown side by side.",
  fold: (open: boolean) => (open ? "Fold equal settings" : "Unfold equal settings"),
  tableLabel: (title: string) => `${title}: default settings beside this scope’s own`,
};

function lower(title: string): string {
  return /^[A-Z][a-z]/.test(title) ? title.charAt(0).toLowerCase() + title.slice(1) : title;
}
