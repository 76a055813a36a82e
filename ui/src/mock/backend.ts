import type { Backend, Commands } from "../ipc/backend";
import type {
  ChangeRequest,
  Closing,
  Connection,
  ConnectionReport,
  ConnectInput,
  IpcError,
  Plan,
  Run,
  SyncStatus,
} from "../ipc/types";
import { ancestors, compare, find, nameOf, scopeView, sourceOf, treeRow } from "./answers";
import { checkDraft, editForm, planDisable, planSetCustom, planUseDefault, sectionsOf } from "./changes";
import { makeCompany, type Scope } from "./company";
import { groupMembers, kindView, valueGroups } from "./kindView";
import { drift, driftCounts, overview, trend } from "./overview";
import { draftKey as key, type Drafts } from "./plans";
import { runCommands } from "./runCommands";
import { sceneRuns } from "./runScenes";
import { suggest } from "./suggest";
import { kindList, matrixHead, matrixRows, matrixSum } from "./matrix";

/** How a mock begins, for tests and pictures. */
export interface MockOptions {
  now: number;
  connected: boolean;
  connection: Partial<Connection>;
  sync: Partial<SyncStatus>;
  /** Further connections, each as it departs from the first. */
  others: Partial<Connection>[];
  preferences: Record<string, unknown>;
  /** Plans and runs of every sort are there. */
  runs: boolean;
}

type Answer<D> = Promise<{ status: "ok"; data: D } | { status: "error"; error: IpcError }>;
const ok = <D>(data: D): Answer<D> => Promise.resolve({ status: "ok", data });
const no = (error: IpcError): Answer<never> => Promise.resolve({ status: "error", error });

/** A mock of the whole app over a small company; with handles to turn it off and to look inside. */
export function mockBackend(options: Partial<MockOptions> = {}) {
  const now = options.now ?? Date.now();
  const company = makeCompany(now);
  const drafts: Drafts = new Map();
  const plans = new Map<string, { plan: Plan; request: ChangeRequest }>();
  const kept: Record<string, unknown> = { ...options.preferences };
  const listeners = new Set<() => void>();
  const closing = new Set<(underWay: Closing) => void>();
  const calls: { name: string; args: unknown[] }[] = [];
  let revision = 0;
  let keptDays = 365;

  const stamp = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
  const synced = { finished_at: stamp(4), complete: true, failed: 0, seconds: 21.5, requests: 412 };
  const sync: SyncStatus = {
    phase: "idle",
    done: 0,
    total: 0,
    requests: 0,
    failed: [],
    all_failed_known: true,
    notes: [],
    paused: null,
    stopped: null,
    last: synced,
    half: null,
    ...options.sync,
  };
  const connections: Connection[] = [];

  function connection(): Connection {
    return {
      id: 1,
      name: "Acme GitLab",
      url: "https://gitlab.acme.example",
      host: "gitlab.acme.example",
      version: "18.10.2-ee",
      enterprise: true,
      username: "d.whitfield",
      is_admin: false,
      access: "full",
      token_expires_on: "2027-06-14",
      token: "stored",
      safety: "confirm_large",
      reach: { state: "online" },
      demo: false,
      synced: sync.last,
      groups: [...company.all.values()].filter((scope) => scope.ref.level === "group").length,
      projects: [...company.all.values()].filter((scope) => scope.ref.level === "project").length,
      unreadable: 1,
      drafts: drafts.size,
      syncing: sync.phase === "idle" ? null : { phase: sync.phase, done: sync.done, total: sync.total },
      ...options.connection,
    };
  }
  if (options.connected !== false) connections.push(connection());

  /** Somebody presses the window's close button. */
  const close = (underWay: Closing) => {
    for (const each of closing) each(underWay);
  };
  const changed = () => {
    revision += 1;
    for (const listener of listeners) listener();
  };
  const the = (): Connection => {
    const first = connections[0] ?? connection();
    return { ...first, drafts: drafts.size, synced: sync.last };
  };
  const update = (change: Partial<Connection>) => {
    connections[0] = { ...the(), ...change };
    changed();
    return ok(the());
  };
  const draftsAt = (scope: Scope) => {
    const prefix = `${scope.ref.level}:${scope.ref.id}/`;
    return new Set(
      [...drafts.keys()].filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length)),
    );
  };
  const row = (scope: Scope, matches = true) => treeRow(company, scope, draftsAt(scope).size, matches);
  const offline = (): IpcError | null =>
    the().reach.state === "offline"
      ? { code: "offline", message: "GitLab does not answer.", hint: "Try again later." }
      : null;

  function report(input: { url: string; token: string }): ConnectionReport {
    const reachable = input.url.includes("acme");
    const accepted = input.token.startsWith("glpat-");
    return {
      checks: [
        reachable
          ? {
              kind: "server",
              status: "ok",
              title: "GitLab 18.10.2",
              detail: "Group settings and inheritance are readable",
              field: null,
            }
          : {
              kind: "server",
              status: "failed",
              title: "No answer",
              detail: `Nothing answers at ${input.url}: the name is not known. Check the address.`,
              field: "url",
            },
        !reachable
          ? { kind: "token", status: "skipped", title: "Token", detail: "Not tried", field: null }
          : accepted
            ? {
                kind: "token",
                status: "ok",
                title: "Token of @d.whitfield",
                detail: "Scope api, so it may change settings. Expires 14 Jun 2027",
                field: null,
              }
            : {
                kind: "token",
                status: "failed",
                title: "Token refused",
                detail: "GitLab answered 401: the token is wrong, expired or revoked. Make a new one.",
                field: "token",
              },
        {
          kind: "keychain",
          status: "ok",
          title: "Keychain",
          detail: "Secret Service unlocked; the token is stored only there",
          field: null,
        },
        {
          kind: "instance_defaults",
          status: reachable && accepted ? "info" : "skipped",
          title: "Instance defaults",
          detail: "No token reaches them. Heirloom infers them",
          field: null,
        },
      ],
      can_connect: reachable && accepted,
      url: input.url.replace(/\/+$/, ""),
      scopes: reachable && accepted ? company.all.size : null,
      cost: reachable && accepted ? { requests: 412, seconds_from: 20, seconds_to: 60 } : null,
    };
  }

  function apply({ plan, request }: { plan: Plan; request: ChangeRequest }): Run {
    const scope = find(company, request.at.scope);
    const { slug } = request.at;
    const source = sourceOf(scope, slug)?.rows.get(slug);
    const draft = drafts.get(key(request.at))?.draft;
    const readAt = new Date(now).toISOString();
    const own = scope.rows.get(slug);
    if (request.kind === "disable" && own) {
      scope.rows.set(slug, { ...own, link: "custom", active: false, fields: {}, secrets: new Set(), readAt });
    } else if (request.kind === "use_default" && source) {
      scope.rows.set(slug, { ...structuredClone(source), link: "inherited", readAt });
    } else if (draft) {
      const secrets = new Set([
        ...(scope.rows.get(slug)?.secrets ?? []),
        ...(request.kind === "set_custom" ? request.secrets : []),
      ]);
      scope.rows.set(slug, {
        link: "custom",
        active: true,
        ...structuredClone(draft),
        secrets,
        updatedAt: readAt,
        readAt,
      });
    }
    drafts.delete(key(request.at));
    changed();
    return {
      run: 1,
      not_remembered: null,
      outcomes: plan.steps.map((step) => ({
        id: step.id,
        scope: step.scope,
        outcome: "applied",
        why: null,
        unexpected: [],
      })),
    };
  }

  const runs = runCommands(company, now, options.runs ? sceneRuns(company, now) : [], drafts, changed);
  const commands: Commands = {
    ...runs.commands,
    readPreferences: () => ok(JSON.stringify(kept)),
    writePreference: (name, json) => {
      kept[name] = JSON.parse(json);
      return ok(null);
    },
    closeWindow: () => ok(null),
    stayOpen: () => ok(null),
    historyKeptDays: () => ok(keptDays),
    keepHistoryDays: (days) => {
      keptDays = days;
      return ok(null);
    },
    appInfo: () => ok({ version: "0.1.0", demo: false }),
    listConnections: () =>
      ok([
        ...connections.map(the),
        ...(options.others ?? []).map((other, index) => ({
          ...connection(),
          id: index + 2,
          drafts: 0,
          ...other,
        })),
      ]),
    checkConnection: (input: ConnectInput) => ok(report(input)),
    connect: (input) => {
      const checked = report(input);
      if (!checked.can_connect) {
        const failed = checked.checks.find((check) => check.status === "failed");
        return no({ code: "invalid_input", message: failed?.detail ?? "", hint: null });
      }
      connections.push({ ...connection(), name: input.name || "gitlab.acme.example", safety: input.safety });
      changed();
      return ok(the());
    },
    checkToken: (_, token) => ok(report({ url: the().url, token })),
    replaceToken: (_, token) =>
      token.startsWith("glpat-")
        ? update({ token: "stored" })
        : no({
            code: "token_refused",
            message: "GitLab answered 401 to this token.",
            hint: "Make a new one.",
          }),
    removeConnection: () => {
      connections.length = 0;
      changed();
      return ok(null);
    },
    renameConnection: (_, name) => update({ name }),
    setSafety: (_, safety) => update({ safety }),
    startDemo: () => {
      connections.push({ ...connection(), name: "Demo company", host: "demo.gitlab.test", demo: true });
      changed();
      return ok(the());
    },
    recheck: () => ok(the().reach),
    syncCost: () => ok({ requests: 412, seconds_from: 20, seconds_to: 60 }),
    startSync: () => offlineOr(() => ok(null)),
    deepScanCost: ({ scope }) => {
      const requests = scope.level === "instance" ? 348 : 12;
      return ok({ requests, seconds_from: Math.ceil(requests / 20), seconds_to: Math.ceil(requests / 5) });
    },
    startDeepScan: () => offlineOr(() => ok(null)),
    cancelSync: () => {
      sync.phase = "idle";
      changed();
      return ok(null);
    },
    syncStatus: () => ok({ ...sync }),
    treeChildren: (_, parent, offset, limit) => {
      const children = parent ? find(company, parent).children : [company.root];
      return ok({
        total: children.length,
        rows: children.slice(offset, offset + limit).map((scope) => row(scope)),
      });
    },
    treeSearch: (_, query, limit) => {
      const wanted = query.toLowerCase();
      const matches = [...company.all.values()].filter((scope) => scope.path.toLowerCase().includes(wanted));
      const named = new Set(matches.slice(0, limit));
      const shown = new Set([...named].flatMap((scope) => [...ancestors(scope), scope]));
      const visit = (scope: Scope): Scope[] => [scope, ...scope.children.flatMap(visit)];
      const rows = visit(company.root).filter((scope) => shown.has(scope));
      return ok({ total: matches.length, rows: rows.map((scope) => row(scope, named.has(scope))) });
    },
    treePath: (_, ref) => {
      const scope = find(company, ref);
      return ok([...ancestors(scope), scope].map((each) => row(each)));
    },
    scopeView: (_, ref) => {
      const scope = find(company, ref);
      return ok(scopeView(company, scope, draftsAt(scope)));
    },
    compare: (at) => ok(compare(company, at, draftsAt(find(company, at.scope)))),
    editForm: (at) => ok(editForm(company, at, drafts.get(key(at)), draftsAt(find(company, at.scope)))),
    bulkForm: (_, slug) => ok(sectionsOf(slug)),
    checkDraft: (at, draft, typed) => ok(checkDraft(company, at, draft, typed)),
    keepDraft: (at, draft) => {
      const keptAt = new Date(now).toISOString();
      drafts.set(key(at), { draft, at: keptAt, ref: at });
      changed();
      return ok(keptAt);
    },
    discardDraft: (at) => {
      drafts.delete(key(at));
      changed();
      return ok(null);
    },
    listDrafts: () =>
      ok(
        [...drafts.values()].map(({ ref, at }) => {
          const scope = find(company, ref.scope);
          return {
            at: ref,
            scope: nameOf(scope),
            title: compare(company, ref, new Set()).item.title,
            kept_at: at,
            why: null,
          };
        }),
      ),
    makePlan: (request) => {
      const id = `plan-${String(plans.size + 1)}`;
      const madeAt = new Date(now).toISOString();
      const draft = drafts.get(key(request.at))?.draft;
      if (request.kind === "set_custom" && !draft)
        return no({ code: "invalid_input", message: "No draft is kept.", hint: null });
      const plan =
        request.kind === "disable"
          ? planDisable(company, request.at, id, madeAt)
          : request.kind === "use_default" || !draft
            ? planUseDefault(company, request.at, id, madeAt)
            : planSetCustom(company, request.at, draft, request.secrets, id, madeAt);
      runs.adopt(plan, request.at);
      plans.set(plan.id, { plan, request });
      return ok(plan);
    },
    applyPlan: (id) =>
      offlineOr(() => {
        const made = plans.get(id);
        return made
          ? ok(apply(made))
          : no({ code: "plan_outdated", message: "The plan is no longer there.", hint: "Make it again." });
      }),
    discardPlan: (id) => {
      plans.delete(id);
      runs.discard(id);
      return ok(null);
    },
    kinds: (_, root) => ok(kindList(company, root)),
    overview: (_, root, level) => ok(overview(company, root, level)),
    trend: () => ok(trend(company)),
    drift: (_, query, offset, limit) => ok(drift(company, query, offset, limit)),
    driftCounts: (_, since) => ok(driftCounts(company, since)),
    kindView: (_, slug, fields) => ok(kindView(company, slug, fields)),
    valueGroups: (_, slug, field, below) => ok(valueGroups(company, slug, field, below)),
    groupMembers: (_, query, offset, limit) => ok(groupMembers(company, query, offset, limit)),
    matrixHead: (_, filter) => ok(matrixHead(company, filter)),
    matrixRows: (_, filter, offset, limit) => ok(matrixRows(company, filter, offset, limit, draftsAt)),
    matrixSum: (_, filter, slugs, first, last) => ok(matrixSum(company, filter, slugs, first, last)),
    suggest: (_, text, kind, limit) => ok(suggest(company, text, kind, limit)),
    exportCopy: (_, part, format) => ok(`/home/d/${part.slug ?? "acme-gitlab"}.${format}`),
    exportDrift: (_, __, format) => ok(`/home/d/acme-gitlab-drift.${format}`),
    openInGitlab: () => ok(null),
    gitlabPage: (_, { level, id }, slug) => {
      const path = level === "instance" ? "admin/application_settings" : `${level}s/${id}/-/settings`;
      return ok(`https://gitlab.acme.example/${path}/integrations${slug === null ? "" : `/${slug}/edit`}`);
    },
    openTokenPage: () => ok(null),
  };

  function offlineOr<D>(then: () => Answer<D>): Answer<D> {
    const error = offline();
    return error ? no(error) : then();
  }

  const recorded = Object.fromEntries(
    Object.entries(commands).map(([name, command]) => [
      name,
      (...args: unknown[]) => {
        calls.push({ name, args });
        return (command as (...args: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Commands;

  const backend: Backend = {
    commands: recorded,
    onChanged: (callback) => {
      listeners.add(callback);
      return Promise.resolve(() => listeners.delete(callback));
    },
    onClosing: (callback) => {
      closing.add(callback);
      return Promise.resolve(() => closing.delete(callback));
    },
    preferences: {
      read: () => Promise.resolve(kept),
      write: (name, value) => {
        kept[name] = value;
        return Promise.resolve();
      },
    },
  };
  return { backend, company, calls, drafts, kept, sync, close, update, changed, revision: () => revision };
}
