import styles from "./PathText.module.css";

/** A path whose last part stands out; what is above it gives way first. */
export function PathText({ path }: { path: string }) {
  const cut = path.lastIndexOf("/") + 1;
  return (
    <span className={styles.path} title={path}>
      <bdi className={styles.above}>{path.slice(0, cut)}</bdi>
      <bdi>{path.slice(cut)}</bdi>
    </span>
  );
}
