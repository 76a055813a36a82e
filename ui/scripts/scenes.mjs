/** What is looked at, in pictures and by axe: a name, a query, and what to do first. */
export const scenes = [
  { name: "scopes", query: "slug=jira" },
  { name: "inherited", query: "slug=datadog&at=acme/platform/checkout/cart-service" },
  { name: "group", query: "slug=jira&at=acme/platform" },
  { name: "not-set", query: "slug=asana" },
  { name: "offline", query: "scene=offline&slug=jira" },
  { name: "refused", query: "scene=refused&slug=slack" },
  { name: "syncing", query: "scene=syncing&slug=jenkins" },
  { name: "connect", query: "scene=first" },
  {
    name: "connect-failed",
    query: "scene=first",
    act: async (page) => {
      await page.getByTestId("connect-url").fill("https://gitlab.nowhere.example");
      await page.getByTestId("connect-token").fill("glpat-0000");
      await page.getByTestId("connect-test").click();
      await page.getByTestId("connect-checks").waitFor();
    },
  },
  {
    name: "connect-checked",
    query: "scene=first",
    act: async (page) => {
      await page.getByTestId("connect-url").fill("https://gitlab.acme.example");
      await page.getByTestId("connect-token").fill("glpat-00000000000000000000");
      await page.getByTestId("connect-test").click();
      await page.getByTestId("connect-checks").waitFor();
    },
  },
  {
    name: "edit",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("edit-custom").click();
      await page.getByTestId("edit-field-url").fill("https://jira.acme.example");
      await page.getByTestId("edit-field-issues_enabled").check();
      await page.getByTestId("edit-field-jira_issue_regex").fill("(PAY|REF-\\d+");
      await page.getByTestId("edit-problems").waitFor();
      await page.getByTestId("draft-kept").waitFor();
    },
  },
  {
    name: "edit-slack",
    query: "slug=slack",
    act: async (page) => {
      await page.getByTestId("edit-custom").click();
      await page.getByTestId("edit-field-push_channel").fill("#payments-dev");
      await page.getByTestId("draft-kept").waitFor();
    },
  },
  {
    name: "use-default",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("use-default").click();
      await page.getByTestId("plan-dialog").waitFor();
    },
  },
  {
    name: "use-default-plan",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("use-default").click();
      await page.getByTestId("show-plan").click();
      await page.getByTestId("change-url").waitFor();
    },
  },
  {
    name: "done",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("use-default").click();
      await page.getByTestId("confirm-apply").click();
      await page.getByTestId("toast").waitFor();
    },
  },
  {
    name: "why",
    query: "slug=datadog",
    act: async (page) => {
      await page.getByTestId("compare-chip").click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "filter",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("tree-filter").fill("check");
      await page.getByTestId("tree-row-acme/mobile/ios/checkout").waitFor();
    },
  },
  {
    name: "connection",
    query: "slug=jira",
    act: async (page) => {
      await page.getByTestId("connection-switch").click();
      await page.getByTestId("manage-connection").click();
      await page.getByTestId("connection-dialog").waitFor();
    },
  },
  {
    name: "shortcuts",
    query: "slug=jira",
    act: async (page) => {
      await page.keyboard.press("?");
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "palette",
    query: "slug=jira",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette-input").fill("jira-old");
      await page.getByText("Web URL is").first().waitFor();
    },
  },
  {
    name: "palette-empty",
    query: "slug=jira",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette-action-sync").waitFor();
    },
  },
  {
    name: "palette-acts",
    query: "slug=jira",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette-input").fill("@platform");
      await page.getByTestId("palette-scope-acme/platform").waitFor();
      await page.keyboard.press("ArrowRight");
      await page.getByTestId("palette-act").first().waitFor();
    },
  },
  {
    name: "palette-none",
    query: "slug=jira",
    act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette-input").fill("nothing is called this");
      await page.getByText("Nothing holds").waitFor();
    },
  },
  {
    name: "instances",
    query: "scene=several&slug=jira",
    act: async (page) => {
      await page.getByTestId("connection-switch").click();
      await page.getByTestId("connection-2").waitFor();
    },
  },
  {
    name: "export",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-overview").click();
      await page.getByTestId("overview-jira").waitFor();
      await page.getByTestId("open-drift").waitFor();
      await page.getByTestId("export").click();
      await page.getByRole("menuitem").first().waitFor();
    },
  },
  {
    name: "matrix",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("matrix-row-acme/data").waitFor();
    },
  },
  {
    name: "matrix-selected",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("scope-picker").click();
      await page.getByTestId("scope-picker-find").fill("acme/platform");
      await page.getByRole("option", { name: "acme/platform", exact: true }).click();
      const row = page.getByTestId("matrix-row-acme/platform/checkout/payments-api");
      await row.locator("[data-column='0']").click();
      for (let press = 0; press < 3; press++) await page.keyboard.press("Shift+ArrowDown");
      await page.getByTestId("cell-popover").waitFor();
    },
  },
  {
    name: "matrix-filtered",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("matrix-value").fill("jira-old");
      await page.getByTestId("matrix-row-acme/platform/checkout/payments-api").waitFor();
    },
  },
  {
    name: "matrix-empty",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("matrix-filter").fill("nothing is called this");
      await page.getByRole("heading", { name: "No scope matches" }).waitFor();
    },
  },
  {
    name: "integrations",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-integrations").click();
      await page.getByTestId("value-group").first().waitFor();
    },
  },
  {
    name: "integrations-below",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-integrations").click();
      await page.getByTestId("default-acme/platform").click();
      await page.getByTestId("members").waitFor();
    },
  },
  {
    name: "overview",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-overview").click();
      await page.getByTestId("overview-jira").waitFor();
      await page.getByTestId("open-drift").waitFor();
    },
  },
  {
    name: "overview-offline",
    query: "scene=offline",
    act: async (page) => {
      await page.getByTestId("view-overview").click();
      await page.getByTestId("overview-jira").waitFor();
    },
  },
  {
    name: "drift",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-drift").click();
      await page.getByTestId("drift-list").waitFor();
      await page.getByTestId("drift-list").focus();
    },
  },
  {
    name: "drift-30",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-drift").click();
      await page.getByRole("button", { name: "30 days" }).click();
      await page.getByTestId("drift-list").waitFor();
    },
  },
  {
    name: "changes",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("history").waitFor();
    },
  },
  {
    name: "changes-empty",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByRole("heading", { name: "Nothing waits" }).waitFor();
    },
  },
  {
    name: "plan",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("tray-review").click();
      await page.getByTestId("step-diff").waitFor();
      await page.getByTestId("blast-keep").locator("summary").click();
      await page.getByTestId("plan-count").fill("2125");
      await page.getByTestId("plan-secret-password").fill("a new one");
    },
  },
  {
    name: "plan-left-out",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("tray-review").click();
      await page.getByTestId("plan-steps").focus();
      for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowDown");
      await page.getByTestId("blast-skipped").locator("summary").click();
      await page.getByTestId("step-filter").fill("brand");
    },
  },
  {
    name: "run",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("tray-run-6").getByRole("button").first().click();
      await page.getByTestId("run-steps").focus();
      for (let press = 0; press < 3; press++) await page.keyboard.press("ArrowDown");
      await page.getByTestId("step-keep").waitFor();
    },
  },
  {
    name: "run-needs-you",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("run-4").click();
      await page.getByRole("button", { name: /^Needs you/ }).click();
      await page.getByTestId("run-again").waitFor();
    },
  },
  {
    name: "run-paused",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("tray-run-5").getByRole("button").first().click();
      await page.getByTestId("run-resume").waitFor();
    },
  },
  {
    name: "plan-steps-out",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("tray-review").click();
      await page.getByTestId("plan-steps").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press(" ");
      await page.getByText("1 left out by you").first().waitFor();
      await page.keyboard.press("ArrowUp");
      await page.keyboard.press(" ");
      await page.getByText("Left out, too").waitFor();
    },
  },
  {
    name: "run-ended",
    query: "scene=runs",
    act: async (page) => {
      await page.getByTestId("view-changes").click();
      await page.getByTestId("run-4").click();
      await page.getByTestId("remembered").waitFor();
    },
  },
  {
    name: "matrix-bulk",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("matrix-filter").fill("checkout/");
      const row = page.getByTestId("matrix-row-acme/platform/checkout/payments-api");
      await row.locator("[data-column='0']").click();
      for (let press = 0; press < 3; press++) await page.keyboard.press("Shift+ArrowDown");
      await page.getByTestId("matrix-copy-from").waitFor();
    },
  },
  {
    name: "copy-from",
    query: "",
    act: async (page) => {
      await page.getByTestId("view-matrix").click();
      await page.getByTestId("matrix-filter").fill("checkout/");
      const row = page.getByTestId("matrix-row-acme/platform/checkout/payments-api");
      await row.locator("[data-column='0']").click();
      await page.keyboard.press("Shift+ArrowDown");
      await page.getByTestId("matrix-copy-from").click();
      await page.getByTestId("copy-find").fill("refunds");
      await page.getByRole("radio").first().check();
    },
  },
  {
    name: "below",
    query: "slug=jira&at=acme/platform",
    act: async (page) => {
      await page.getByTestId("compare-more").click();
      await page.getByTestId("change-below").click();
      await page.getByTestId("below-dialog").waitFor();
    },
  },
];
