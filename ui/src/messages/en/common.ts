import type { Level, State } from "../../ipc/types";
import * as f from "../format";

const states: Record<State, string> = {
  inherited: "Inherited",
  inherited_differs: "Inherited, differs",
  custom: "Custom",
  disabled: "Disabled",
  off: "Off",
  not_set: "Not set",
  unavailable: "Unavailable",
  unknown: "Unknown",
};

const levelNames: Record<Level, string> = { instance: "Instance", group: "Group", project: "Project" };
const thisLevel: Record<Level, string> = {
  instance: "This instance",
  group: "This group",
  project: "This project",
};
const oneLevel: Record<Level, string> = {
  instance: "The instance",
  group: "One group",
  project: "One project",
};

export const common = {
  appName: "Heirloom",
  format: f,
  states,
  levels: {
    names: levelNames,
    this: thisLevel,
    one: oneLevel,
    thisPossessive: (level: Level) => `this ${level}’s own`,
    ancestors: "Scopes above",
    instanceInSentence: "instance",
  },
  values: {
    on: "On",
    off: "Off",
    notSet: "Not set",
    blank: "Blank",
    hidden: "Stored, hidden by GitLab",
    secretUnknown: "Hidden by GitLab, if stored",
    unread: "Not read",
    none: "Nothing stored",
  },
  acts: {
    cancel: "Cancel",
    close: "Close",
    tryAgain: "Try again",
    useDefault: "Use default settings",
    editCustom: "Edit custom settings",
    useCustom: "Use custom settings",
    readAgain: "Read again",
    openInGitLab: "Open in GitLab",
    copyLink: "Copy link",
    disable: "Disable",
    openDefault: "Open the default",
    reviewPlan: "Review plan",
    discardDraft: "Discard draft",
    reveal: "Show what was typed",
    conceal: "Hide what was typed",
    dismiss: "Dismiss",
    more: "More",
    back: "Back",
    clearFilter: "Take this filter away",
  },
  failed: {
    load: "This could not be loaded",
    draw: "This view could not be drawn",
    drawNext: "Drafts are kept.",
    act: "That did not work",
    draft: "The draft was not kept",
    read: "Not read again",
    open: "The browser was not opened",
    token: "The token was not replaced",
    rename: "The name was not changed",
    safety: "The setting was not changed",
    remove: "The connection was not removed",
    sync: "The sync did not start",
    demo: "The demo company did not start",
    recheck: "GitLab was not asked",
    keepHistory: "How long history is kept was not changed",
  },
  read: (iso: string, now: number) => `read ${f.ago(iso, now)}`,
  exact: f.exactTime,
  loading: "Loading",
};
