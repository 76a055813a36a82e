import { ArrowLeft, ExternalLink, RefreshCw } from "lucide-react";
import { useState, type RefObject } from "react";
import { Button, IconButton } from "../../../components/Button";
import { Empty } from "../../../components/Empty";
import { Ancestors } from "../../../components/Path";
import { SearchField } from "../../../components/SearchField";
import { Segments } from "../../../components/Segments";
import type { ScopeName, ScopeRef, ScopeView } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { useNow } from "../../../logic/time";
import { countSegments, groupIntegrations, type Segment } from "./groups";
import { IntegrationList } from "./IntegrationList";
import styles from "./ListPane.module.css";

interface ListPaneProps {
  view: ScopeView;
  slug: string | null;
  onOpen: (slug: string, options: { byKey: boolean }) => void;
  onEnter: () => void;
  onOpenScope: (scope: ScopeRef) => void;
  onOpenDefault: (source: ScopeName, slug: string) => void;
  onReadAgain: (() => void) | null;
  onOpenInGitLab: () => void;
  /** Back to the tree, where there is one pane only. */
  onBack: (() => void) | null;
  listRef: RefObject<HTMLDivElement | null>;
}

/** A scope's integrations: which are custom, which inherited and from where, which not in use. */
export function ListPane(props: ListPaneProps) {
  const { view, slug, onOpen, onOpenScope, onReadAgain, onOpenInGitLab } = props;
  const [segment, setSegment] = useState<Segment>("used");
  const [filter, setFilter] = useState("");
  const now = useNow();
  const { scope, integrations } = view;
  const counts = countSegments(integrations);
  const groups = groupIntegrations(integrations, segment, filter);
  const empty =
    groups.custom.length + groups.inherited.length + groups.unused.length + groups.folded.length === 0;
  return (
    <section className={styles.pane} aria-label={m.shell.panes.list} data-pane="list">
      <header className={styles.head}>
        <div className={styles.line}>
          {props.onBack && (
            <IconButton label={m.acts.back} onClick={props.onBack}>
              <ArrowLeft size={16} strokeWidth={1.75} />
            </IconButton>
          )}
          <h1 className={styles.title}>
            <bdi title={scope.path}>{scope.name}</bdi>
          </h1>
          <span className={styles.level}>{m.levels.names[scope.scope.level]}</span>
          <span className={styles.space} />
          {onReadAgain && (
            <IconButton
              label={m.shell.sync.startScope(scope.path)}
              onClick={onReadAgain}
              data-testid="scope-read-again"
            >
              <RefreshCw size={15} strokeWidth={1.75} />
            </IconButton>
          )}
          <IconButton label={m.acts.openInGitLab} onClick={onOpenInGitLab}>
            <ExternalLink size={15} strokeWidth={1.75} />
          </IconButton>
        </div>
        <div className={styles.meta}>
          {view.ancestors.length > 1 ? (
            <Ancestors of={view.ancestors.slice(1)} onOpen={(ancestor) => onOpenScope(ancestor.scope)} />
          ) : (
            <span title={view.read_at ? m.exact(view.read_at) : undefined}>{listAge(view, now)}</span>
          )}
        </div>
        <div className={styles.tools}>
          <Segments
            label={m.integrations.segments.label}
            value={segment}
            onChange={setSegment}
            options={(["used", "custom", "all"] as const).map((value) => ({
              value,
              label: m.integrations.segments[value],
              count: m.format.number(counts[value]),
            }))}
          />
          <SearchField
            label={m.integrations.filterLabel}
            placeholder={m.integrations.filter}
            value={filter}
            onChange={setFilter}
            className={styles.filter}
            data-testid="list-filter"
          />
        </div>
      </header>
      {scope.unreadable && (
        <p className={styles.unreadable} role="note">
          <strong>{m.integrations.notReadable}.</strong> {scope.unreadable.text}
        </p>
      )}
      {empty ? (
        <NoIntegrations segment={segment} filter={filter} onShowAll={() => setSegment("all")} />
      ) : (
        <IntegrationList
          key={`${scope.scope.level}:${scope.scope.id}`}
          listRef={props.listRef}
          groups={groups}
          level={scope.scope.level}
          slug={slug}
          onOpen={onOpen}
          onEnter={props.onEnter}
          onOpenDefault={props.onOpenDefault}
          onReadAgain={onReadAgain}
        />
      )}
    </section>
  );
}

function NoIntegrations({
  segment,
  filter,
  onShowAll,
}: {
  segment: Segment;
  filter: string;
  onShowAll: () => void;
}) {
  if (filter !== "") return <Empty title={m.integrations.noneMatch(filter)} />;
  const custom = segment === "custom";
  return (
    <Empty
      title={custom ? m.integrations.noneCustom : m.integrations.noneUsed}
      note={custom ? m.integrations.noneCustomNext : m.integrations.noneUsedNext}
      act={
        <Button small onClick={onShowAll}>
          {m.integrations.showAll}
        </Button>
      }
    />
  );
}

function listAge({ scope, read_at: read }: ScopeView, now: number): string {
  if (scope.scope.level === "instance") return m.integrations.instanceNotRead;
  return read ? m.integrations.listRead(read, now) : m.integrations.listNotRead;
}
