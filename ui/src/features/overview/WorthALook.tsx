import { Clock, KeyRound } from "lucide-react";
import { StateGlyph } from "../../components/StateGlyph";
import type { Connection, Overview, State } from "../../ipc/types";
import { m } from "../../messages/en";
import { notable, type Notable } from "./notable";
import styles from "./Overview.module.css";

interface Acts {
  openMatrix: (states: State[], kinds: string[] | null) => void;
  openKind: (slug: string) => void;
  sync: () => void;
  manage: () => void;
}

interface WorthALookProps {
  connection: Connection;
  overview: Overview;
  now: number;
  acts: Acts;
}

/** What to look at next, each with the way there. */
export function WorthALook({ connection, overview, now, acts }: WorthALookProps) {
  const found = notable(connection, overview, now);
  const offline = connection.reach.state === "offline";
  return (
    <section className={styles.section} aria-labelledby="worth-a-look">
      <div className={styles.head}>
        <h2 id="worth-a-look">{m.overview.worth.title}</h2>
      </div>
      {found.length === 0 ? (
        <p className={styles.quiet}>{m.overview.worth.nothing}</p>
      ) : (
        <ul className={styles.list}>
          {found.map((each) => (
            <li key={JSON.stringify(each)} data-testid={`worth-${each.kind}`}>
              <Icon of={each} />
              <span className={styles.grow}>{m.overview.worth.say(each, now)}</span>
              {!(offline && each.kind === "stale") && (
                <button type="button" className="link" onClick={() => follow(each, acts)}>
                  {m.overview.worth.act(each)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function follow(of: Notable, acts: Acts): void {
  switch (of.kind) {
    case "token_expires":
      return acts.manage();
    case "stale":
      return acts.sync();
    case "unreadable":
      return acts.openMatrix(["unknown"], null);
    case "differs":
      return acts.openMatrix(["inherited_differs"], [of.of.slug]);
    case "disabled":
      return acts.openMatrix(["disabled"], [of.of.slug]);
    case "most_custom":
      return acts.openKind(of.of.slug);
  }
}

function Icon({ of }: { of: Notable }) {
  switch (of.kind) {
    case "token_expires":
      return <KeyRound size={14} strokeWidth={2} className={styles.warn} aria-hidden="true" />;
    case "stale":
      return <Clock size={14} strokeWidth={2} className={styles.warn} aria-hidden="true" />;
    case "unreadable":
      return <StateGlyph of="unknown" size={14} />;
    case "differs":
      return <StateGlyph of="inherited_differs" size={14} />;
    case "most_custom":
      return <StateGlyph of="custom" size={14} />;
    case "disabled":
      return <StateGlyph of="disabled" size={14} />;
  }
}
