import { useQuery } from "@tanstack/react-query";
import { useReadyMark } from "../../app/appearance";
import { useNavigation, type PlaceOf } from "../../app/navigation";
import { Button } from "../../components/Button";
import { Empty, LoadingRows } from "../../components/Empty";
import { queries } from "../../ipc/queries";
import type { Connection } from "../../ipc/types";
import { m } from "../../messages/en";
import page from "./Page.module.css";
import { ChangesList } from "./ChangesList";
import { PlanReview } from "./PlanReview";
import { RunPage } from "./RunPage";

interface ChangesViewProps {
  connection: Connection;
  place: PlaceOf<"changes">;
}

/** What waits and what was done; or one plan; or one run. */
export function ChangesView({ connection, place }: ChangesViewProps) {
  return place.run === null ? (
    <ChangesList connection={connection} />
  ) : (
    <OneRun key={place.run} connection={connection} run={place.run} />
  );
}

/** A plan until it is begun, then the run it became. */
function OneRun({ connection, run }: { connection: Connection; run: number }) {
  const { go } = useNavigation();
  const view = useQuery(queries.run(run));
  useReadyMark(!view.isPending);
  // Once it was shown it stays: what was typed there would go with it.
  if (view.isError && !view.data) {
    return (
      <div className={page.view}>
        <Empty
          heading="h2"
          title={m.failed.load}
          note={view.error.message}
          act={
            <Button
              small
              onClick={() => go({ view: "changes", connection: connection.id, run: null }, { replace: true })}
            >
              {m.changes.label}
            </Button>
          }
        />
      </div>
    );
  }
  if (!view.data)
    return (
      <div className={page.view}>
        <LoadingRows />
      </div>
    );
  return view.data.summary.state === "planned" ? (
    <PlanReview connection={connection} run={run} />
  ) : (
    <RunPage connection={connection} view={view.data} />
  );
}
