import type { Aside, Outcome, Touch } from "../ipc/types";
import type { Company } from "./company";
import { find } from "./answers";
import { aboutNothing, endStep, noFilter, rowOf, stepAt, type MockRun } from "./runs";

const teams = ["checkout", "identity", "observability", "runtime", "web"];
const services = [
  "account-portal",
  "address-lookup",
  "brand-assets",
  "campaign-landing-pages",
  "checkout-web",
  "consent-banner",
  "content-delivery-purge",
  "متجر-الويب",
  "customer-portal",
  "customer-portal-end-to-end-regression-tests",
  "design-tokens",
  "dealer-locator",
];

const path = (n: number) =>
  `acme/platform/${teams[n % teams.length] ?? ""}/${services[n % services.length] ?? ""}-${String(n)}`;
const asides = (n: number, from: number, why: string | null = null): Aside[] =>
  Array.from({ length: n }, (_, index) => ({
    scope: { level: "project" as const, id: String(9000 + from + index) },
    path: path(from + index),
    why,
  }));

/** Plans and runs of every sort, for pictures. */
export function sceneRuns(company: Company, now: number): MockRun[] {
  const example = [...company.all.values()].find(
    (scope) => scope.path === "acme/platform/checkout/payments-api",
  );
  if (!example) throw new Error("The mock company has no payments-api.");
  const at = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const template = stepAt(company, find(company, example.ref), "jira", "use_default", 1);

  function run(
    number: number,
    steps: number,
    change: Partial<MockRun>,
    ends?: (n: number) => Outcome | null,
  ) {
    const made: MockRun = {
      run: number,
      state: "ended",
      slug: "jira",
      about: {
        ...aboutNothing,
        action: "use_default",
        paths: ["acme/platform"],
        named: 1,
        below: true,
        filter: { ...noFilter, states: ["custom"], level: "project" },
      },
      plannedAt: at(12),
      finishedAt: at(8),
      steps: Array.from({ length: steps }, (_, index) => {
        const scope = { level: "project" as const, id: String(8000 + index) };
        const name = path(index);
        return {
          ...structuredClone(template),
          row: rowOf(scope, name, "use_default", index + 1, template.step.changes.length),
          step: {
            ...structuredClone(template.step),
            id: index + 1,
            scope: { scope, name: name.slice(name.lastIndexOf("/") + 1), path: name },
          },
        };
      }),
      aside: {},
      same: 0,
      secrets: [],
      kept: [],
      asking: null,
      command:
        "heirloomctl plan use-default acme/platform jira --state custom --only project --recursive --output plan.json",
      left: null,
      stopping: false,
      following: null,
      ...change,
    };
    for (const step of made.steps) {
      const outcome = ends?.(step.row.number) ?? null;
      if (outcome) endStep(step, outcome, now);
    }
    return made;
  }

  const group = find(
    company,
    [...company.all.values()].find(({ path: it }) => it === "acme/platform")?.ref ?? example.ref,
  );
  const plan = run(7, 213, {
    state: "planned",
    plannedAt: at(3),
    finishedAt: null,
    same: 204,
    aside: {
      change: asides(1806, 300),
      switch_on: asides(75, 2200),
      maybe: asides(31, 2300),
      keep: asides(108, 2400),
      unseen: asides(27, 2600),
      skipped: asides(12, 2700, "Archived: it is left alone unless archived projects are asked for"),
    } satisfies Partial<Record<Touch | "skipped", Aside[]>>,
    secrets: [{ field: "password", title: "New API token or password", steps: 4, remembered: 2 }],
  });
  const lacks = [{ field: "password", title: "New API token or password" }];
  for (const { row } of plan.steps.slice(3, 6)) {
    row.secret = true;
    if (row.number === 5) row.lacks = lacks;
  }
  const [first] = plan.steps;
  if (first) {
    first.row = {
      ...first.row,
      scope: group.ref,
      path: group.path,
      action: "set_custom",
      secret: true,
      lacks,
    };
    first.step = {
      ...first.step,
      action: "set_custom",
      source: null,
      scope: { scope: group.ref, name: group.name, path: group.path },
      secrets: [{ field: "password", title: "New API token or password" }],
      besides: [{ kind: "propagates", inherit: 1806, maybe: 106 }],
    };
  }
  const mostly = (n: number): Outcome => {
    if (n % 89 === 4) return "conflict";
    if (n % 71 === 6) return "refused";
    if (n % 97 === 10) return "failed";
    return n % 61 === 3 ? "already" : "applied";
  };
  const running = run(
    6,
    1352,
    {
      state: "running",
      finishedAt: null,
      following: {
        inherit: 1806,
        read: 1000,
        matching: 912,
        maybe: { count: 41, read: 0, matching: 0 },
        over: false,
      },
      paused: { seconds: 12, all: true },
    },
    (n) => (n <= 874 ? mostly(n) : null),
  );
  for (const step of running.steps.slice(874, 881)) step.row.sent = true;
  return [
    plan,
    running,
    run(
      5,
      640,
      {
        state: "paused",
        finishedAt: null,
        slug: "slack",
        left: "Held: GitLab does not answer. Steps under way were ended.",
      },
      (n) => (n <= 211 ? "applied" : null),
    ),
    run(
      4,
      214,
      {
        kept: [{ title: "New API token or password", scopes: 1 }],
        aside: { skipped: asides(2, 2900, "Left out in the review") },
      },
      mostly,
    ),
    run(3, 1, { about: aboutNothing, plannedAt: at(200), finishedAt: at(199) }, () => "applied"),
    run(
      2,
      38,
      { about: { ...aboutNothing, undoes: 1 }, plannedAt: at(1500), finishedAt: at(1499), slug: "slack" },
      () => "applied",
    ),
    run(
      1,
      38,
      {
        about: { ...aboutNothing, action: "disable", named: 38 },
        plannedAt: at(1520),
        finishedAt: at(1519),
        slug: "slack",
      },
      (n) => (n < 36 ? "applied" : null),
    ),
  ];
}
