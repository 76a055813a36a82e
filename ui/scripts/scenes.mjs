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
];
