import { useQuery } from "@tanstack/react-query";
import { useRef, type RefObject } from "react";
import { useReadyMark } from "../../app/appearance";
import { mayWrite } from "../../app/connection";
import { useCommands } from "../../app/commands/useCommands";
import { useNavigation, wholeKind, wholeMatrix, type KindShown, type PlaceOf } from "../../app/navigation";
import { Empty, Failed, LoadingRows } from "../../components/Empty";
import { queries } from "../../ipc/queries";
import type { Connection } from "../../ipc/types";
import { m } from "../../messages/en";
import { byUse } from "../../logic/kinds";
import styles from "./Integrations.module.css";
import { KindList } from "./KindList";
import { KindPane } from "./KindPane";

interface IntegrationsViewProps {
  connection: Connection;
  place: PlaceOf<"integrations">;
  filterRef: RefObject<HTMLInputElement | null>;
}

/** One kind of integration across the estate: who sets defaults, and how custom settings differ. */
export function IntegrationsView({ connection, place, filterRef }: IntegrationsViewProps) {
  const { go } = useNavigation();
  const kinds = useQuery(queries.kinds(connection.id, null));
  const listRef = useRef<HTMLDivElement>(null);
  const slug = place.slug ?? kinds.data?.toSorted(byUse)[0]?.slug ?? null;
  useReadyMark(kinds.isError || (kinds.isSuccess && slug === null));
  useCommands({ filter: () => filterRef.current?.focus() });

  const show = (to: Partial<KindShown>, replace: boolean) =>
    go(
      { view: "integrations", connection: connection.id, slug, shown: { ...place.shown, ...to } },
      { replace },
    );
  return (
    <div className={styles.view}>
      <section className={styles.side} aria-label={m.kinds.list} data-pane="kinds">
        {kinds.data ? (
          <KindList
            kinds={kinds.data}
            scopes={connection.groups + connection.projects}
            slug={slug}
            listRef={listRef}
            filterRef={filterRef}
            onOpen={(to, byKey) =>
              go(
                { view: "integrations", connection: connection.id, slug: to, shown: wholeKind },
                { replace: byKey },
              )
            }
          />
        ) : kinds.isError ? (
          <Failed error={kinds.error} onRetry={() => void kinds.refetch()} />
        ) : (
          <LoadingRows />
        )}
      </section>
      {slug === null ? (
        kinds.data && <Empty title={m.kinds.none} note={m.tree.emptyNext} />
      ) : (
        <KindPane
          key={slug}
          connection={connection.id}
          slug={slug}
          shown={place.shown}
          writes={mayWrite(connection)}
          onShow={show}
          onOpenScope={(scope) =>
            go({ view: "scopes", connection: connection.id, scope, slug, editing: false })
          }
          onShowInMatrix={(of) =>
            go({
              view: "matrix",
              connection: connection.id,
              shown: { ...wholeMatrix, kinds: [slug], archived: true, ...of },
            })
          }
        />
      )}
    </div>
  );
}
