import { Kbd } from "../../components/Kbd";
import { m } from "../../messages/en";
import styles from "./Palette.module.css";

/** What the keys do here. */
export function Foot({ acts }: { acts: boolean }) {
  const t = m.palette.keys;
  return (
    <div className={styles.foot} aria-hidden="true">
      <Kbd keys={["↑", "↓"]} /> {t.move}
      <Kbd keys={["Enter"]} /> {t.open}
      <Kbd keys={[acts ? "←" : "→"]} /> {acts ? t.back : t.acts}
      <span className={styles.space} />
      <Kbd keys={[">"]} /> {t.actions}
      <Kbd keys={["@"]} /> {t.scopes}
      <Kbd keys={["="]} /> {t.values}
    </div>
  );
}
