import type { ScopeName } from "../ipc/types";
import { m } from "../messages/en";
import { cx } from "./cx";
import styles from "./Path.module.css";

/** A full path that gives way in the middle, never at its telling end. */
export function Path({ path, className }: { path: string; className?: string | undefined }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className={cx(styles.path, className)} title={path}>
      {cut > 0 && <bdi className={styles.head}>{path.slice(0, cut)}</bdi>}
      <bdi className={styles.tail}>{path.slice(cut)}</bdi>
    </span>
  );
}

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
