import type {
  DriftChange,
  DriftCounts,
  DriftPage,
  DriftQuery,
  Level,
  Overview,
  ScopeRef,
  StateCount,
  Trend,
} from "../ipc/types";
import { ancestors, find, nameOf } from "./answers";
import type { Company, Scope } from "./company";
import { kinds } from "./kinds";
import { counted, kindCounts } from "./matrix";
import { item } from "./answers";

const DAY = 24 * 60 * 60_000;
const none: ReadonlySet<string> = new Set();
const visit = (scope: Scope): Scope[] => [scope, ...scope.children.flatMap(visit)];
const rootOf = (company: Company, root: ScopeRef | null) => (root ? find(company, root) : company.root);

export function overview(company: Company, root: ScopeRef | null, level: Level | null): Overview {
  const from = rootOf(company, root);
  const below = visit(from);
  const asked = below.filter(({ ref }) => level === null || ref.level === level);
  return {
    groups: below.filter(({ ref }) => ref.level === "group").length,
    projects: below.filter(({ ref }) => ref.level === "project").length,
    unreadable: below.filter(({ unreadable }) => unreadable).length,
    kinds: kinds.filter(([, , , levels]) => levels !== "i").map(([slug]) => kindCounts(company, asked, slug)),
    parts: from.children
      .filter(({ ref }) => ref.level === "group")
      .map((part) => ({
        scope: nameOf(part),
        counts: counted(
          visit(part).flatMap((scope) =>
            [...scope.rows.keys()].map((slug) => item(company, scope, slug, none).state),
          ),
        ),
      })),
  };
}

/** 90 days of syncs, one a day, with two runs that put things right. */
export function trend({ now }: Company): Trend {
  const custom = (day: number) => 61 + Math.floor(day / 9) - (day > 30 ? 14 : 0) - (day > 62 ? 22 : 0);
  return {
    points: Array.from({ length: 90 }, (_, day) => ({
      at: new Date(now - (89 - day) * DAY - 240_000).toISOString(),
      complete: true,
      counts: [
        { state: "inherited", n: 500 - custom(day) },
        { state: "custom", n: custom(day) },
        { state: "inherited_differs", n: day > 40 ? 1 : 4 },
        { state: "disabled", n: 1 },
      ] satisfies StateCount[],
    })),
    runs: [
      { run: 3, at: new Date(now - 59 * DAY).toISOString(), changes: 14 },
      { run: 7, at: new Date(now - 27 * DAY).toISOString(), changes: 22 },
    ],
  };
}

function changes(company: Company): (DriftChange & { sync: string | null })[] {
  const at = (path: string) => {
    const scope = [...company.all.values()].find((each) => each.path === path);
    if (!scope) throw new Error(`The mock has no ${path}.`);
    return { scope: scope.ref, path };
  };
  const ago = (ms: number) => new Date(company.now - ms).toISOString();
  const text = (value: string) =>
    ({ kind: "setting", shown: { kind: "value", value: { kind: "text", value }, label: null } }) as const;
  const flag = (value: boolean) =>
    ({ kind: "setting", shown: { kind: "value", value: { kind: "bool", value }, label: null } }) as const;
  const jira = { slug: "jira", title: "Jira issues" };
  const slack = { slug: "slack", title: "Slack notifications" };
  const first = { at: ago(240_000), sync: "41", run: null };
  const second = { at: ago(2 * DAY), sync: "40", run: null };
  const old = { at: ago(12 * DAY), sync: "36", run: 7 };
  const payments = at("acme/platform/checkout/payments-api");
  const state = { kind: "state" } as const;
  return [
    {
      ...first,
      ...at("acme/platform/checkout/refunds-worker"),
      ...jira,
      what: state,
      before: { kind: "state", state: "inherited" },
      after: { kind: "state", state: "custom" },
    },
    {
      ...first,
      ...payments,
      ...jira,
      what: { kind: "setting", title: "Web URL" },
      before: text("https://jira.acme.example"),
      after: text("https://jira-old.acme.example"),
    },
    {
      ...first,
      ...payments,
      ...jira,
      what: { kind: "setting", title: "Merge request" },
      before: flag(true),
      after: flag(false),
    },
    {
      ...second,
      ...at("acme/mobile/ios/wallet"),
      ...slack,
      what: { kind: "source" },
      before: { kind: "path", path: "acme" },
      after: { kind: "path", path: "acme/mobile" },
    },
    {
      ...second,
      ...at("acme/platform/checkout/cart-service"),
      slug: "datadog",
      title: "Datadog",
      what: state,
      before: { kind: "state", state: "inherited" },
      after: { kind: "state", state: "inherited_differs" },
    },
    {
      ...second,
      ...at("acme/mobile/متجر-الجوّال"),
      slug: null,
      title: null,
      what: { kind: "scope" },
      before: { kind: "gone" },
      after: { kind: "there" },
    },
    ...["android", "ios"].flatMap((group) =>
      ["checkout", "login", "wallet", "push", "widgets"].map((name) => ({
        ...old,
        ...at(`acme/mobile/${group}/${name}`),
        ...slack,
        what: state,
        before: { kind: "state", state: "custom" } as const,
        after: { kind: "state", state: "inherited" } as const,
      })),
    ),
  ];
}

export function drift(company: Company, query: DriftQuery, offset: number, limit: number): DriftPage {
  const found = changes(company).filter((change) => {
    const scope = find(company, change.scope);
    const way = [...ancestors(scope), scope].map(({ ref }) => `${ref.level}:${ref.id}`);
    return (
      change.at >= query.since &&
      (query.below === null || way.includes(`${query.below.level}:${query.below.id}`)) &&
      (query.slug === null || change.slug === query.slug) &&
      (query.sync === null || change.sync === query.sync) &&
      (query.run === null || change.run === query.run)
    );
  });
  return { total: found.length, rows: found.slice(offset, offset + limit) };
}

export function driftCounts(company: Company, since: string): DriftCounts {
  const all = changes(company).filter(({ at }) => at >= since);
  const group = <T>(key: (change: (typeof all)[number]) => T) => [...new Set(all.map(key))];
  return {
    by_kind: group(({ slug }) => slug).map((slug) => {
      const of = all.filter((change) => change.slug === slug);
      return {
        slug,
        title: of[0]?.title ?? null,
        scopes: new Set(of.map(({ path }) => path)).size,
        changes: of.length,
      };
    }),
    by_sync: group(({ sync }) => sync).map((sync) => {
      const of = all.filter((change) => change.sync === sync);
      return { sync, run: of[0]?.run ?? null, at: of[0]?.at ?? "", changes: of.length };
    }),
  };
}
