import type { Besides, Level } from "../../ipc/types";
import * as f from "../format";

export const edit = {
  draft: "Draft",
  choiceLabel: "Which settings to use",
  useDefault: "Use default settings",
  useDefaultFrom: (path: string) => `from ${path}`,
  useDefaultNone: "no default exists above",
  useCustom: "Use custom settings",
  useCustomNote: (n: number, level: Level) =>
    `all ${f.plural(n, "setting is", "settings are")} this ${level}’s own`,
  columns: { setting: "Setting", default: (path: string) => `Default, ${path}`, noDefault: "Default" },
  enable: {
    label: "Enable integration",
    off: "GitLab’s API can’t save it switched off: disabling blanks these settings, stored secrets too. GitLab’s own page can switch it off and keep them.",
    isOff: "It is switched off. GitLab’s API stores settings only together with switching it on.",
    nothing: "Nothing is stored yet, so there is nothing to switch off.",
  },
  file: {
    choose: "Choose file",
    chosen: (name: string) => `Read from ${name}`,
    tooLarge: "The file is too large for a key.",
  },
  length: (n: number, most: number) => `${f.number(n)} of at most ${f.number(most)} characters`,
  same: "same",
  toFill: (n: number) => `${f.number(n)} to fill in`,
  toFix: (n: number) => `${f.number(n)} to fix`,
  events: "Events",
  required: "required",
  unset: "Not set",
  choose: "Choose",
  apiOnly: "Not in GitLab’s own form: only its API has it.",
  deprecated: (by: string) => `Deprecated: ${by}`,
  addTag: "Add",
  removeTag: (tag: string) => `Remove ${tag}`,
  channelOf: (event: string) => `Channel for ${event}`,
  noDefault: "No default",
  secret: {
    kept: "Stored, hidden by GitLab",
    needed: "Must be entered",
    neededAgain: "Must be entered again",
    optional: "Not stored",
    dropped: "Will be dropped",
    newValue: "New value",
    remembered: "Remembered in the keychain",
    rememberedNote: "Remembered in the keychain for this address: type only to replace it.",
    droppedBy: (title: string) => `The ${title} changed, so GitLab drops the stored one.`,
    neededNote: "GitLab wants it with every save of this integration.",
  },
  outdated: "What is stored in GitLab changed after this draft was begun.",
  outdatedNext: "Compare with the stored values on the right, or discard the draft.",
  panel: {
    title: "Your draft",
    changes: (n: number) => f.form(n, `${f.number(n)} setting changes`, `${f.number(n)} settings change`),
    none: "Nothing changes yet",
    kept: (iso: string, now: number) => `kept ${f.clock(iso, now)}`,
    notKept: "not kept yet",
    against: "Against the default",
    noDefault: "No default exists above, so there is nothing to compare with.",
    equal: (n: number) =>
      n === 1
        ? "The one setting will equal the default."
        : `All ${f.number(n)} settings will equal the default.`,
    stillDiffer: (titles: string[], of: number) =>
      `${f.number(titles.length)} of ${f.number(of)} will differ: ${f.list(titles)}.`,
    cannotCompare: (titles: string[]) => `${f.list(titles)} can’t be compared.`,
    besides: "What GitLab does besides",
    keptNote:
      "The draft is kept on this computer when you leave, without secrets. Nothing is sent until you apply the plan.",
    defaultChosen: (path: string | null) =>
      `The settings will come from ${path ?? "the default"}. The draft is kept until you discard it.`,
    offChosen: "The integration will be switched off. The draft is kept until you discard it.",
  },
  footer: {
    needs: (n: number) => f.form(n, `${f.number(n)} setting needs you:`, `${f.number(n)} settings need you:`),
    ready: "Nothing is sent yet",
    unchanged: "Nothing changed yet",
    refused: (why: string) => `${why} The draft is kept.`,
    checking: "Checking",
    checkFailed: "The draft could not be checked.",
  },
  discardTitle: "Discard the draft?",
  discardNote: (n: number) =>
    `${f.plural(n, "change is", "changes are")} lost. What GitLab stores is not touched.`,
  discarded: "Draft discarded",
  besides: (item: Besides): string => {
    switch (item.kind) {
      case "becomes_custom":
        return item.from
          ? `All settings become its own. Later changes of ${item.from} will not reach it.`
          : "All settings become its own.";
      case "switches_on":
        return "Switches the integration on: saving through the API always does.";
      case "stays_on":
        return "Keeps the integration switched on: saving through the API always does.";
      case "switches_off":
        return "Switches the integration off, as the default is.";
      case "drops_secrets":
        return `Drops ${f.list(item.secrets)} because ${item.because} changes. Enter ${f.form(item.secrets.length, "it", "them")} again to keep ${f.form(item.secrets.length, "it", "them")}.`;
      case "loses_secrets":
        return `Deletes what is stored for ${f.list(item.secrets)}. GitLab can’t give ${f.form(item.secrets.length, "it", "them")} back.`;
      case "follows_default":
        return `Later changes of ${item.of} will reach it.`;
      case "saves_default_first":
        return item.inferred
          ? "Saves the default’s settings in the group first, so that nothing else is handed down. They are taken from a scope that inherits them: the instance’s own can’t be read."
          : "Saves the default’s settings in the group first, so that nothing else is handed down.";
      case "keeps_own":
        return `Keeps its own ${f.list(item.settings)}: GitLab’s API can’t show or set ${f.form(item.settings.length, "it", "them")}.`;
      case "default_moved":
        return `The default settings are others now: what ${f.list(item.settings)} ${f.form(item.settings.length, "was", "were")} before stays lost.`;
      case "blanks":
        return "Blanks all its settings, stored secrets too. GitLab can’t give them back.";
      case "events_off":
        return "Switches its trigger events off first, so that none fires in between.";
      case "not_asked":
        return "It is off and was not looked up: should a row that is off stand there, nothing is sent.";
      case "leaves_inheritors":
        return `${f.plural(item.inherit, "scope", "scopes")} that ${f.form(item.inherit, "inherits", "inherit")} from here ${f.form(item.inherit, "keeps", "keep")} the settings handed down before, until this default is saved again. Whoever uses default settings from now on is switched off.`;
      case "propagates":
        return `Hands the new settings to ${f.plural(item.inherit, "scope", "scopes")} that ${f.form(item.inherit, "inherits", "inherit")} from here${item.maybe > 0 ? `, and may switch on up to ${f.number(item.maybe)} more` : ""}. Some GitLabs do so later, or not at all: they are read again afterwards, and counted.`;
    }
  },
};
