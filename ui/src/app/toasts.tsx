import { Toast } from "@base-ui/react/toast";
import { CircleCheck, TriangleAlert, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { CommandError, toCommandError } from "../ipc/errors";
import { m } from "../messages/en";
import { IconButton } from "../components/Button";
import button from "../components/Button.module.css";
import { cx } from "../components/cx";
import styles from "./toasts.module.css";

const manager = Toast.createToastManager();
const STAYS = 8000;

/** What can be done about what a toast says. */
interface ToastAct {
  label: string;
  run: () => void;
}

/** Says that something was done. Leaves by itself, unless pointed at or focused. */
export function toastDone(title: string, description?: string, act?: ToastAct): void {
  const id = manager.add({
    title,
    description,
    type: "done",
    timeout: STAYS,
    ...(act && {
      actionProps: {
        children: act.label,
        onClick: () => {
          manager.close(id);
          act.run();
        },
      },
    }),
  });
}

/** Says that something failed, and why. Stays until dismissed. */
export function toastFailed(title: string, thrown: unknown): void {
  const error = thrown instanceof CommandError ? thrown : toCommandError(thrown);
  const description = error.hint ? `${error.message} ${error.hint}` : error.message;
  manager.add({ title, description, type: "failed", timeout: 0, priority: "high" });
}

/** Where toasts appear. F8 goes there, Esc dismisses. */
export function Toasts({ children }: { children: React.ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={4}>
      {children}
      <Toast.Portal>
        <Viewport />
      </Toast.Portal>
    </Toast.Provider>
  );
}

function Viewport() {
  const { toasts } = Toast.useToastManager();
  const viewport = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // F8 is the key for notifications here; Base UI's own is F6, which moves between panes.
    const listen = (event: KeyboardEvent) => {
      if (event.key !== "F8") return;
      viewport.current?.querySelector<HTMLElement>("[data-toast]")?.focus();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
  return (
    <Toast.Viewport ref={viewport} className={styles.viewport} aria-label={m.shell.toast.label}>
      {toasts.map((toast) => (
        <Toast.Root
          key={toast.id}
          toast={toast}
          className={styles.toast}
          data-testid="toast"
          data-toast=""
          swipeDirection={[]}
        >
          <span className={toast.type === "failed" ? styles.failed : styles.done}>
            {toast.type === "failed" ? <TriangleAlert size={16} /> : <CircleCheck size={16} />}
          </span>
          <div className={styles.text}>
            <Toast.Title className={styles.title} />
            <Toast.Description className={styles.description} />
          </div>
          <Toast.Action className={cx(button.button, button.secondary, button.small)} />
          <Toast.Close render={<IconButton label={m.acts.dismiss} />}>
            <X size={16} strokeWidth={1.75} />
          </Toast.Close>
        </Toast.Root>
      ))}
    </Toast.Viewport>
  );
}
