import { useReadyMark } from "../../app/appearance";
import { ConnectFormView } from "./ConnectForm";
import styles from "./Connect.module.css";
import { DemoPanel } from "./DemoPanel";
import { useConnect } from "./useConnect";

/** The first run, and every further connection: checked before anything is saved. */
export function ConnectPage() {
  useReadyMark(true);
  const form = useConnect();
  return (
    <div className={styles.page} data-pane="connect">
      <div className={styles.columns}>
        <ConnectFormView form={form} />
        <DemoPanel />
      </div>
    </div>
  );
}
