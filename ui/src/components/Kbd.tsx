import { onMac } from "../app/platform";
import styles from "./Kbd.module.css";

const names: Record<string, string> = { Ctrl: onMac() ? "⌘" : "Ctrl", Enter: "⏎" };

/** Keys, as caps. Read by sighted people only: the accessible name of the button says the act. */
export function Kbd({ keys }: { keys: string[] }) {
  return (
    <span className={styles.keys} aria-hidden="true">
      {keys.map((key) => (
        <kbd key={key} className={styles.key}>
          {names[key] ?? key}
        </kbd>
      ))}
    </span>
  );
}
