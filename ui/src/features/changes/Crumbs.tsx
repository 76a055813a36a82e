import { ChevronRight } from "lucide-react";
import { useNavigation } from "../../app/navigation";
import { m } from "../../messages/en";
import page from "./Page.module.css";

/** Back to what waits and what was done. */
export function Crumbs({ connection, here }: { connection: number; here: string }) {
  const { go } = useNavigation();
  return (
    <nav className={page.crumbs} aria-label={m.changes.label}>
      <button
        type="button"
        onClick={() => go({ view: "changes", connection, run: null })}
        data-testid="changes-crumb"
      >
        {m.changes.label}
      </button>
      <ChevronRight size={12} strokeWidth={2} aria-hidden="true" />
      <span aria-current="page">{here}</span>
    </nav>
  );
}
