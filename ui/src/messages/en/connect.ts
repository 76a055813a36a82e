import * as f from "../format";

export const connect = {
  title: "Connect to your GitLab",
  lead: "Heirloom reads integration settings into a local copy, so every question works offline. It changes nothing until you have seen a plan.",
  url: "GitLab URL",
  urlPlaceholder: "https://gitlab.example.com",
  token: "Personal access token",
  tokenHelp: { read: "read_api", toLook: " to look, ", api: "api", toChange: " to change." },
  makeToken: "Make one in GitLab",
  name: "Name",
  namePlaceholder: "The host, if left blank",
  safety: "Before changes",
  disclosure: "Own certificate authority, plain http",
  caPem: "Certificate authority (PEM)",
  caPemHelp: "Only for servers whose certificate your computer doesn’t trust by itself.",
  caPemFile: "Choose a file",
  caFileFailed: "The file could not be read.",
  plainHttp: "Allow plain http",
  plainHttpHelp: "The token would cross the network unencrypted. Only for a server you reach no other way.",
  checks: "Checks",
  checking: "Asking GitLab",
  checkingUrl: (url: string) => `Asking ${url}`,
  connect: "Connect and sync",
  test: "Test",
  testAgain: "Test again",
  cost: (scopes: number, from: number, to: number) =>
    `about ${f.plural(scopes, "scope", "scopes")}, ${f.duration(from, to)}`,
  costOnly: (requests: number, from: number, to: number) =>
    `about ${f.plural(requests, "request", "requests")}, ${f.duration(from, to)}`,
  urlMissing: "Type the address of your GitLab",
  tokenMissing: "Type a personal access token",
  failed: "The connection was not made",
  skipped: "Not tried",
  statuses: {
    ok: "Fine",
    info: "Worth knowing",
    warning: "Works, with something missing",
    failed: "Failed",
    skipped: "Not tried",
  },
  demo: {
    title: "Try the demo company",
    text: "A simulated GitLab on this computer, with every state you can meet: custom settings at every level, archived projects, a group you may not read. Break things freely; nothing leaves this machine.",
    button: "Try the demo company",
    starting: "Starting",
    sample: {
      label: "What a tree looks like",
      host: "demo.gitlab.test",
      rows: ["platform", "payments-api", "cart-service", "mobile", "security"],
      notReadable: "not readable",
    },
  },
  stays: {
    title: "What stays where",
    keychain: "Token: your keychain, nowhere else.",
    file: "Settings without secrets: a file on this computer, safe to delete.",
    telemetry: "No telemetry. Heirloom talks to your GitLab only.",
  },
};

export const connection = {
  title: (name: string) => `Connection ${name}`,
  name: "Name",
  rename: "Rename",
  renamed: "Connection renamed",
  safety: "Before changes",
  token: "Access token",
  tokenOf: (username: string) => `Token of @${username}`,
  expires: (date: string, days: number) =>
    days < 0
      ? `Expired ${f.date(date)}`
      : days === 0
        ? "Expires today"
        : `Expires ${f.date(date)}, in ${f.plural(days, "day", "days")}`,
  noExpiry: "No expiry date is known",
  access: { full: "Scope api: may read and change", review_only: "Scope read_api: may read, not change" },
  states: {
    stored: "Stored in the keychain",
    missing: "Not in the keychain",
    refused: "Refused by GitLab",
    unreadable: "The keychain could not be asked",
  },
  demoToken: "Made for this run, in memory only",
  newToken: "New personal access token",
  check: "Test",
  replace: "Replace token",
  replaced: "Token replaced",
  replacedNote: "The new one is in the keychain.",
  removeTitle: (name: string) => `Remove the connection ${name}?`,
  remove: "Remove connection",
  removeLead: "This is removed from this computer:",
  removeToken: "the token, from the keychain",
  removeDrafts: (n: number) =>
    n === 0 ? "drafts: none are kept" : `${f.plural(n, "draft", "drafts")}, not sent`,
  removeCopy: (groups: number, projects: number) =>
    `the local copy of ${f.plural(groups, "group", "groups")} and ${f.plural(projects, "project", "projects")}`,
  removeKept: "Nothing is changed in GitLab. The token stays valid there until you revoke it.",
  removed: "Connection removed",
  removedNote: (name: string) => `${name}: token, drafts and local copy are gone.`,
  manage: "Connection settings",
  server: "Server",
};
