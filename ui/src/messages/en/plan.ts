import type { Action, Level, Outcome } from "../../ipc/types";
import * as f from "../format";

const title: Record<Action, (integration: string, scope: string) => string> = {
  use_default: (integration, scope) => `Use default settings for ${integration} in ${scope}?`,
  set_custom: (integration, scope) => `Save custom settings for ${integration} in ${scope}?`,
  disable: (integration, scope) => `Disable ${integration} in ${scope}?`,
  enable: (integration, scope) => `Enable ${integration} in ${scope}?`,
};

const verb: Record<Action, string> = {
  use_default: "Use default settings",
  set_custom: "Save custom settings",
  disable: "Disable",
  enable: "Enable",
};
const done: Record<Action, string> = {
  use_default: "Default settings in use",
  set_custom: "Custom settings in use",
  disable: "Switched off",
  enable: "Switched on",
};

const outcomes: Record<Outcome, string> = {
  applied: "Applied",
  already: "Already so",
  conflict: "Conflict",
  refused: "Refused",
  failed: "Failed",
  unknown: "Unknown",
};

const outcomeTitles: Record<Outcome, string> = {
  applied: "Applied, but GitLab stored something else",
  already: "It was already so",
  conflict: "The settings changed in GitLab after the plan was made",
  refused: "GitLab refused the change",
  failed: "The change could not be sent",
  unknown: "It is not known whether the change arrived",
};

const outcomeNext: Record<Outcome, string> = {
  applied: "Look at what was read back, then decide.",
  already: "Nothing was sent.",
  conflict: "Nothing was changed. Make the plan again from what GitLab has now.",
  refused: "Nothing was changed. Mend what GitLab names, then review the plan again.",
  failed: "Nothing was changed. Try again.",
  unknown: "Read the scope again to see what GitLab has now.",
};

export const plan = {
  title,
  verb,
  done,
  outcomes,
  outcomeTitles,
  outcomeNext,
  making: "Making the plan",
  notMade: "The plan could not be made",
  lead: (level: Level, source: string | null, action: Action) => {
    const one =
      level === "project"
        ? "One project changes."
        : level === "group"
          ? "One group changes."
          : "The instance changes.";
    if (action === "disable") return `${one} The integration is switched off.`;
    return source ? `${one} Settings will come from ${source}.` : `${one} Its settings become its own.`;
  },
  effects: (changes: number, same: number) =>
    `${f.form(changes, `${f.number(changes)} setting changes`, `${f.number(changes)} settings change`)}, ${f.form(same, `${f.number(same)} stays equal`, `${f.number(same)} stay equal`)}`,
  show: "Show the plan",
  hide: "Hide the plan",
  before: "Before",
  after: "After",
  setting: "Setting",
  requests: (n: number, madeFrom: string) =>
    `${f.plural(n, "request", "requests")}: read again, write, read back. Made from data ${madeFrom}.`,
  secretsTitle: (n: number) =>
    f.form(n, "GitLab wants this secret with the save", "GitLab wants these secrets with the save"),
  readBack: (integration: string, scope: string) => `${integration} in ${scope}, read back`,
  alreadyNote: (integration: string, scope: string) =>
    `${integration} in ${scope} was already so. Nothing was sent.`,
  applying: "Reading the row again, writing, reading back",
  applyingNote: "Closing the window doesn’t stop a request that GitLab already has.",
  notApplied: "The plan was not applied",
  planAgain: "Make the plan again",
  found: "Planned, and found now",
  readBackTable: "Planned, and read back",
  plannedColumn: "Planned",
  foundColumn: "Found",
  readAgain: "Read again",
  notRemembered: "The keychain did not remember the secret",
};
