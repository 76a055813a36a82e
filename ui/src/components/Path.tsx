import type { ScopeName } from "../ipc/types";
import { m } from "../messages/en";
import styles from "./Path.module.css";

/** The way from the top to a scope's parent, as links. */
export function Ancestors({ of, onOpen }: { of: ScopeName[]; onOpen: (scope: ScopeName) => void }) {
  return (
    <nav className={styles.ancestors} aria-label={m.levels.ancestors}>
      {of.map((scope, index) => (
        <span key={scope.path}>
          {index > 0 && <span className={styles.slash}>/</span>}
          <button type="button" className={styles.ancestor} onClick={() => onOpen(scope)}>
            <bdi>{scope.name}</bdi>
          </button>
        </span>
      ))}
    </nav>
  );
}
