import { keepPreviousData, useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useReadyMark } from "../../app/appearance";
import { mayWrite } from "../../app/connection";
import { useCommands } from "../../app/commands/useCommands";
import { useNavigation, type Place } from "../../app/navigation";
import { toastDone, toastFailed } from "../../app/toasts";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { SplitBar } from "../../components/SplitBar";
import { app } from "../../ipc/backend";
import { setPreference, usePreference } from "../../ipc/preferences";
import { queries } from "../../ipc/queries";
import type { Comparison, Connection, ScopeRef } from "../../ipc/types";
import { showCommand } from "../../logic/shell";
import { m } from "../../messages/en";
import { BelowDialog } from "../changes/BelowDialog";
import { EditView } from "../edit/EditView";
import { PlanFlow, type PlanWish } from "../plan/PlanFlow";
import { ComparePane, type CompareActs } from "./compare/ComparePane";
import { columnsFor, LIST, TREE, useWindowWidth } from "./layout";
import { groupIntegrations } from "./list/groups";
import { ListPane } from "./list/ListPane";
import styles from "./Scopes.module.css";
import { TreePane } from "./tree/TreePane";

interface ScopesViewProps {
  connection: Connection;
  place: Place & { view: "scopes" };
  filterRef: RefObject<HTMLInputElement | null>;
}

const instance: ScopeRef = { level: "instance", id: "0" };

function copy(text: string, said: string): void {
  navigator.clipboard.writeText(text).then(
    () => toastDone(said, text),
    (error: unknown) => toastFailed(m.failed.act, error),
  );
}

/** Tree, list of integrations, default beside own; or the form in place of the last two. */
export function ScopesView({ connection, place, filterRef }: ScopesViewProps) {
  const { go } = useNavigation();
  const treeWidth = usePreference("treeWidth");
  const listWidth = usePreference("listWidth");
  const columns = columnsFor(useWindowWidth(), treeWidth, listWidth);
  // With fewer columns: how far in we are.
  const [depth, setDepth] = useState<"tree" | "list" | "compare">("list");
  const [wish, setWish] = useState<PlanWish | null>(null);
  const [below, setBelow] = useState<Comparison | null>(null);
  const listRef = useRef<HTMLDivElement>(null);

  const scope = place.scope ?? instance;
  const view = useQuery({ ...queries.scope(connection.id, scope), placeholderData: keepPreviousData });
  const slug = place.slug ?? firstSlug(view.data);
  const at = { connection: connection.id, scope, slug: slug ?? "" };
  const comparison = useQuery({
    ...queries.compare(at),
    enabled: slug !== null && !place.editing,
    placeholderData: keepPreviousData,
  });
  // Asked beforehand: the clipboard is only taken from somebody who just pressed a key.
  const page = useQuery(queries.gitlabPage(connection.id, scope, slug));
  useReadyMark(
    !view.isPending && (comparison.isSuccess || comparison.isError || slug === null || place.editing),
  );

  useEffect(() => {
    setPreference("last", { connection: connection.id, ...scope, slug: place.slug });
  }, [connection.id, scope, place.slug]);

  const read = useMutation({
    mutationFn: (of: ScopeRef) => app.startSync(connection.id, of),
    meta: { failure: m.failed.read },
  });
  const browse = useMutation({
    mutationFn: (of: { scope: ScopeRef; slug: string | null }) =>
      app.openInGitlab(connection.id, of.scope, of.slug),
    meta: { failure: m.failed.open },
  });

  // A scope that was remembered and is no longer in the local copy: back to the top.
  const lost = place.scope !== null && view.error?.code === "not_found";
  useEffect(() => {
    if (lost)
      go(
        { view: "scopes", connection: connection.id, scope: null, slug: null, editing: false },
        { replace: true, settled: true },
      );
  }, [lost, go, connection.id]);

  const byKey = useRecentKeys();
  const open = (
    to: Partial<Pick<typeof place, "scope" | "slug" | "editing">>,
    replace = false,
    settled = false,
  ) => {
    go(
      { view: "scopes", connection: connection.id, scope, slug: place.slug, editing: false, ...to },
      { replace, settled },
    );
  };
  const openDefault = (source: { scope: ScopeRef }, of: string) => open({ scope: source.scope, slug: of });
  const writable = mayWrite(connection);
  const copyLink = page.data === undefined ? null : () => copy(page.data, m.shell.toast.linkCopied);
  const readAgain = connection.reach.state === "offline" ? null : () => read.mutate(scope);
  const subject = view.data
    ? comparison.data && !place.editing
      ? m.compare.subject(view.data.scope.name, comparison.data.item.title)
      : view.data.scope.name
    : null;
  useCommands(
    {
      openInGitLab: () => browse.mutate({ scope, slug }),
      copyLink,
      copyCommand:
        view.data &&
        (() => {
          const command = showCommand(
            connection,
            scope.level === "instance" ? "instance" : view.data.scope.path,
            slug,
          );
          copy(command, m.shell.toast.commandCopied);
        }),
    },
    subject,
  );

  const acts: CompareActs = {
    openScope: (to) => open({ scope: to }),
    openDefault,
    readAgain,
    openInGitLab: (of) => browse.mutate({ scope, slug: of }),
    copyLink,
    edit: writable ? () => open({ slug, editing: true }) : null,
    useDefault:
      writable && comparison.data
        ? () =>
            setWish({
              request: { kind: "use_default", at: atOf(connection.id, comparison.data) },
              secrets: [],
            })
        : null,
    disable:
      writable && comparison.data
        ? () =>
            setWish({ request: { kind: "disable", at: atOf(connection.id, comparison.data) }, secrets: [] })
        : null,
    changeBelow: writable && comparison.data ? () => setBelow(comparison.data) : null,
    back: columns < 3 ? () => setDepth("list") : null,
  };

  const showTree = columns > 1 || (depth === "tree" && !place.editing);
  const showList =
    columns === 3 ||
    (depth === "list" && (columns === 2 || !showTree)) ||
    (columns === 2 && depth === "tree");
  const showCompare = columns === 3 || depth === "compare";

  return (
    <div className={styles.view}>
      {showTree && (
        <>
          <div className={styles.fixed} style={columns > 1 ? { width: treeWidth } : { flex: 1 }}>
            <TreePane
              key={connection.id}
              connection={connection.id}
              selected={scope}
              filterRef={filterRef}
              onSelect={(row, how) => {
                open({ scope: row.scope }, how.byKey && byKey());
                if (!how.byKey) setDepth("list");
              }}
            />
          </div>
          {columns > 1 && (
            <SplitBar
              label={m.shell.resize.tree}
              value={treeWidth}
              {...TREE}
              onChange={(width) => setPreference("treeWidth", width)}
            />
          )}
        </>
      )}
      {place.editing && slug !== null ? (
        <EditView
          key={`${connection.id}:${scope.level}:${scope.id}:${slug}`}
          at={at}
          connection={connection}
          onLeave={(settled) => open({ slug }, false, settled)}
          onOpenScope={(to) => open({ scope: to, slug })}
          onReview={setWish}
        />
      ) : (
        <>
          {showList && (
            <div className={styles.fixed} style={columns === 3 ? { width: listWidth } : { flex: 1 }}>
              {view.data ? (
                <ListPane
                  view={view.data}
                  slug={slug}
                  listRef={listRef}
                  onOpen={(to, how) => {
                    open({ slug: to }, how.byKey && byKey());
                    if (!how.byKey) setDepth("compare");
                  }}
                  onEnter={() => {
                    setDepth("compare");
                    focusCompare();
                  }}
                  onOpenScope={(to) => open({ scope: to })}
                  onOpenDefault={openDefault}
                  onReadAgain={readAgain}
                  onOpenInGitLab={() => browse.mutate({ scope, slug: null })}
                  onBack={columns === 1 ? () => setDepth("tree") : null}
                />
              ) : view.isError && view.error.code === "not_found" ? (
                <Empty title={m.tree.empty} note={m.tree.emptyNext} />
              ) : view.isError ? (
                <Failed error={view.error} onRetry={() => void view.refetch()} />
              ) : (
                <LoadingRows />
              )}
            </div>
          )}
          {columns === 3 && (
            <SplitBar
              label={m.shell.resize.list}
              value={listWidth}
              {...LIST}
              onChange={(width) => setPreference("listWidth", width)}
            />
          )}
          {showCompare && (
            <div className={styles.rest}>
              {comparison.data ? (
                <ComparePane comparison={comparison.data} acts={acts} />
              ) : comparison.isError ? (
                <Failed error={comparison.error} onRetry={() => void comparison.refetch()} />
              ) : slug === null && view.isSuccess ? (
                <Empty title={m.compare.pick} note={m.compare.pickNext} />
              ) : (
                <LoadingRows />
              )}
            </div>
          )}
        </>
      )}
      {below && (
        <BelowDialog
          connection={connection.id}
          scope={below.scope}
          slug={below.item.slug}
          title={below.item.title}
          onClose={() => setBelow(null)}
        />
      )}
      {wish && (
        <PlanFlow
          wish={wish}
          onClose={() => setWish(null)}
          onApplied={() => {
            setWish(null);
            if (place.editing) open({ slug }, false, true);
          }}
          onReadAgain={readAgain}
        />
      )}
    </div>
  );
}

function atOf(connection: number, of: { scope: { scope: ScopeRef }; item: { slug: string } }) {
  return { connection, scope: of.scope.scope, slug: of.item.slug };
}

function firstSlug(
  view: { integrations: Parameters<typeof groupIntegrations>[0] } | undefined,
): string | null {
  if (!view) return null;
  const groups = groupIntegrations(view.integrations, "all", "");
  return (groups.custom[0] ?? groups.inherited[0] ?? groups.unused[0])?.slug ?? null;
}

function focusCompare(): void {
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>('[data-pane="compare"] tr[tabindex="0"]')?.focus(),
  );
}

/** Whether the last move by key was a moment ago: then the next one takes its place in the history. */
function useRecentKeys(): () => boolean {
  const last = useRef(0);
  return () => {
    const recent = performance.now() - last.current < 1200;
    last.current = performance.now();
    return recent;
  };
}
