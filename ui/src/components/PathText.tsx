import { cx } from "./cx";
import styles from "./PathText.module.css";

/** A path whose last part stands out; what is above it gives way first. `quiet`: it doesn't count. */
export function PathText({ path, quiet = false }: { path: string; quiet?: boolean }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className={cx(styles.path, quiet && styles.quiet)} title={path}>
      <bdi className={styles.above}>{path.slice(0, cut)}</bdi>
      <bdi>{path.slice(cut)}</bdi>
    </span>
  );
}
