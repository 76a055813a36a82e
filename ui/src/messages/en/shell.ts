import type { Connection, Safety, SyncPhase, SyncProgress, TokenState } from "../../ipc/types";
import * as f from "../format";

const phases: Record<SyncPhase, string> = {
  idle: "Synced",
  capabilities: "Asking for the version",
  groups: "Listing groups",
  projects: "Listing projects",
  integrations: "Reading integrations",
  settings: "Reading settings",
  cancelling: "Ending",
};

const tokens: Record<Exclude<TokenState, "stored">, string> = {
  missing: "Token missing",
  refused: "Token refused",
  unreadable: "Keychain not asked",
};

const safety: Record<Safety, string> = {
  read_only: "Change nothing",
  confirm_each: "Confirm each change",
  confirm_large: "Confirm large changes",
};

const safetyNotes: Record<Safety, string> = {
  read_only: "Nothing is ever written, whatever the token may do.",
  confirm_each: "Every change is shown as a plan and confirmed.",
  confirm_large: "As above; changes of many scopes are confirmed by typing their number.",
};

export const shell = {
  navigation: "Main",
  views: {
    overview: "Overview",
    scopes: "Scopes",
    matrix: "Matrix",
    integrations: "Integrations",
    changes: "Changes",
    drift: "Drift",
  },
  back: "Back",
  forward: "Forward",
  switchConnection: (name: string) => `Connection: ${name}`,
  addConnection: "Add a connection",
  thisConnection: "This connection",
  connections: "Connections",
  search: "Search or run a command",
  settings: "Settings",
  theme: "Theme",
  themes: { system: "As the system", light: "Light", dark: "Dark" },
  density: "Rows",
  densities: { comfortable: "Comfortable", compact: "Compact" },
  keepHistory: "Keep history",
  keptFor: (days: number) =>
    days % 365 === 0 ? f.plural(days / 365, "year", "years") : f.plural(days, "day", "days"),
  singleLetters: "Single-letter shortcuts",
  shortcuts: "Keyboard shortcuts",
  shownNow: "Shown now",
  standing: {
    words: ({ token, reach }: Pick<Connection, "token" | "reach">, now: number) =>
      token === "stored"
        ? reach.state === "offline"
          ? `Offline since ${f.clock(reach.since, now)}`
          : reach.state === "online"
            ? "Connected"
            : "Not asked yet"
        : tokens[token],
    syncing: ({ phase, done, total }: SyncProgress) =>
      total > 0 ? `${phases[phase]}, ${f.number(done)} of ${f.number(total)}` : phases[phase],
    unreadable: (n: number) => `${f.plural(n, "scope", "scopes")} not read`,
  },
  online: "Connected",
  offline: "Offline",
  notAsked: "Not asked yet",
  notConnected: "Not connected",
  version: (version: string) => `Heirloom ${version}`,
  gitlab: (version: string, enterprise: boolean | null) =>
    `GitLab ${version.replace(/-ee$/, "")}${enterprise === true ? " Enterprise" : enterprise === false ? " Community" : ""}`,
  user: (username: string, admin: boolean) => `@${username}${admin ? ", administrator" : ""}`,
  reviewOnly: "Review only: the token may read, not change",
  unreadable: (n: number, of: number) =>
    `${f.number(n)} of ${f.plural(of, "scope", "scopes")} couldn’t be read`,
  safety,
  safetyNotes,
  paused: (seconds: number, all: boolean) =>
    all
      ? `GitLab asked to wait, goes on in ${f.duration(seconds, seconds)}`
      : `GitLab asked to slow down, some wait ${f.duration(seconds, seconds)}`,
  applying: (done: number, all: number) => `Applying, ${f.number(done)} of ${f.number(all)}`,
  noWrites: {
    offline: "Offline: nothing can be changed until GitLab answers again.",
    token: "The token doesn’t work: replace it to change settings.",
    reviewOnly: "Review only: the token may read, not change.",
    readOnly: "This connection is set to change nothing. Its settings say so.",
  },
  pending: (n: number) => f.plural(n, "pending change", "pending changes"),
  notSent: "nothing sent yet",
  drafts: "Drafts, not sent",
  demoTag: "Demo",
  resize: { tree: "Width of the tree", list: "Width of the list", draft: "Width of the draft" },
  panes: { tree: "Tree", list: "Integrations of the scope", compare: "Side by side" },
  sync: {
    button: "Sync",
    synced: (iso: string, now: number) => `Synced ${f.ago(iso, now)}`,
    never: "Not synced yet",
    running: (done: number, total: number) =>
      total > 0 ? `${f.number(done)} of ${f.number(total)}` : "Syncing",
    phases,
    cost: (requests: number, from: number, to: number) =>
      `About ${f.plural(requests, "request", "requests")}, ${f.duration(from, to)}`,
    costUnknown: "What it would cost is not known",
    start: "Sync everything",
    startScope: (path: string) => `Read ${path} again`,
    cancel: "Cancel",
    cancelNote: "What was read is kept; the next sync goes on from there.",
    last: (iso: string, now: number, seconds: number, requests: number) =>
      `Last sync ended ${f.at(iso, now)} after ${f.duration(seconds, seconds)} and ${f.plural(requests, "request", "requests")}.`,
    requests: (n: number) => f.plural(n, "request", "requests"),
    failedScopes: (n: number) => `${f.plural(n, "scope", "scopes")} not read`,
    notes: "What to know of it",
    title: "Local copy",
    progress: "Sync progress",
  },
  lookUp: {
    title: "Look up what is off",
    note: "GitLab’s lists show no integration that is off. Where one may be, it is asked by name: a request for each group and project.",
    kind: "Integration",
    choose: "Choose an integration",
    where: "Where",
    all: "Everywhere",
    below: (name: string) => `In ${name} and below`,
    nothing: "Nothing to ask: it is on everywhere, or was asked within the hour.",
    start: "Look up",
  },
  banner: {
    label: "State of the data",
    tokenRefused: "GitLab refused the token (401).",
    tokenRefusedWhy: "It may be expired or revoked. What was read before can still be looked at.",
    tokenMissing: "The token isn’t in the keychain.",
    tokenMissingWhy: "It was removed there. Enter it again to sync and to change settings.",
    tokenUnreadable: "The keychain could not be asked for the token.",
    tokenUnreadableWhy: "Unlock it and try again. What was read before can still be looked at.",
    replaceToken: "Replace token",
    offline: (since: string, now: number) => `Offline since ${f.clock(since, now)}.`,
    offlineWhy: (host: string, why: string) => `${host} doesn’t answer (${why}).`,
    offlineData: (iso: string, now: number) =>
      `You are looking at data read ${f.clock(iso, now)}, ${f.old(iso, now)}.`,
    offlineNoData: "Nothing was read before.",
    offlineWrites: "Nothing can be changed until it answers again.",
    stale: (iso: string, now: number) => `Last read ${f.ago(iso, now)}.`,
    staleWhy: "Plans need data younger than a day.",
    sync: "Sync",
    partial: (n: number) => `The last sync could not read ${f.plural(n, "scope", "scopes")}.`,
    partialWhy: "The others are up to date.",
    incomplete: "The last sync did not read everything.",
    incompleteWhy: "What is missing is read by the next one.",
    showFailed: "Show them",
    stopped: "The last sync stopped.",
    half: "This is half a sync.",
    halfWhy: (read: number, of: number) =>
      `${f.number(read)} of ${f.plural(of, "group or project", "groups and projects")} are read; the next sync goes on from there.`,
    first: (done: number, total: number) =>
      total > 0 ? `First sync, ${f.number(done)} of ${f.number(total)}.` : "First sync.",
    running: (phase: string, done: number, total: number) =>
      total > 0 ? `${phase}, ${f.number(done)} of ${f.number(total)}.` : `${phase}.`,
    usable: "What is here can be used.",
    failedTitle: (n: number) =>
      n === 0 ? "All of them are read now" : `${f.plural(n, "scope", "scopes")} could not be read`,
    readSince: "Read since.",
    read: "Read",
    failedNote: "The rest of the local copy is not affected.",
    readAgain: "Read again",
  },
  closing: {
    applying: "Close while a run is under way?",
    applyingNote:
      "Steps that were not sent yet stay undone. The run is kept under Changes: it can be gone on with after the next start.",
    syncing: "Close while a sync is under way?",
    syncingNote: "What was read is kept; the next sync goes on from there.",
    stay: "Keep it open",
    close: "Close",
  },
  shortcutSheet: {
    title: "Keyboard shortcuts",
    everywhere: "Everywhere",
    tree: "Tree",
    list: "List",
    compare: "Side by side",
    matrix: "Matrix",
    editing: "Editing",
    changes: "Plans and runs",
    rows: {
      apply: "Apply the plan",
      pause: "Pause the run",
      pane: "Next pane",
      toasts: "Go to notifications",
      move: "Move",
      openClose: "Open and close",
      ends: "First and last",
      type: "Jump to a name",
      siblings: "Open all siblings",
      compare: "Go to side by side",
      why: "Why it says so",
      rowMove: "Next and previous setting",
      difference: "Next and previous difference",
      fold: "Fold and unfold equal settings",
      copy: "Copy the value",
      cells: "Move",
      edge: "To the edge",
      cell: "Select the cell",
      block: "Select a block",
      column: "Select the column",
      row: "Select the row",
      open: "Open the comparison",
      clear: "Let go of the selection",
    },
    off: "Single letters are switched off in Settings.",
  },
  leaving: {
    title: "Leave without the secrets you typed?",
    note: "The draft is kept. Secrets never are: they would have to be typed again.",
    stay: "Stay",
    leave: "Leave",
  },
  toast: {
    label: "Notifications",
    commandCopied: "Command copied",
    linkCopied: "Link copied",
    syncDone: "Sync finished",
    syncDoneNote: (requests: string) => requests,
  },
};
