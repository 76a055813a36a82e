import { catalog, type Where } from "../../app/commands/catalog";
import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Kbd } from "../../components/Kbd";
import { usePreference } from "../../ipc/preferences";
import { m } from "../../messages/en";
import styles from "./ShortcutSheet.module.css";

type Row = keyof typeof m.shell.shortcutSheet.rows;

/** Keys that move within what has the focus: no commands, since they mean nothing elsewhere. */
const moves: Record<Where, [Row, string[][]][]> = {
  everywhere: [
    ["pane", [["F6"]]],
    ["toasts", [["F8"]]],
  ],
  tree: [
    ["move", [["↑"], ["↓"]]],
    ["openClose", [["←"], ["→"]]],
    ["ends", [["Home"], ["End"]]],
    ["type", [["a–z"]]],
    ["siblings", [["*"]]],
  ],
  list: [
    ["move", [["↑"], ["↓"]]],
    ["compare", [["Enter"]]],
    ["why", [["I"]]],
  ],
  compare: [
    ["rowMove", [["↑"], ["↓"]]],
    ["difference", [["N"], ["P"]]],
    ["fold", [["F"]]],
    ["copy", [["Ctrl", "C"]]],
  ],
  matrix: [
    ["cells", [["↑"], ["↓"], ["←"], ["→"]]],
    [
      "edge",
      [
        ["Ctrl", "↑"],
        ["Ctrl", "↓"],
      ],
    ],
    ["cell", [["Space"]]],
    ["block", [["Shift", "↓"]]],
    ["column", [["Ctrl", "Space"]]],
    ["row", [["Shift", "Space"]]],
    ["open", [["Enter"]]],
    ["clear", [["Esc"]]],
  ],
  editing: [],
  changes: [
    ["apply", [["Ctrl", "Enter"]]],
    ["pause", [["P"]]],
  ],
};

const headings = Object.keys(moves) as Where[];

/** Every key of one heading: commands first, then moves. */
function rowsOf(heading: Where): [string, string[][]][] {
  return [
    ...catalog.flatMap(([id, { keys, where }]): [string, string[][]][] =>
      keys && where === heading ? [[m.commands[id], [keys]]] : [],
    ),
    ...moves[heading].map(([row, keys]): [string, string[][]] => [m.shell.shortcutSheet.rows[row], keys]),
  ];
}

/** Every key and what it does. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  const letters = usePreference("singleLetters");
  const t = m.shell.shortcutSheet;
  return (
    <Dialog
      open={open}
      onClose={onClose}
      wide
      title={t.title}
      {...(letters ? {} : { lead: t.off })}
      foot={<Button onClick={onClose}>{m.acts.close}</Button>}
    >
      <div className={styles.sheet}>
        {headings.map((heading) => (
          <section key={heading}>
            <h3>{t[heading]}</h3>
            <dl>
              {rowsOf(heading).map(([label, keys]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>
                    <span className="sr-only">{keys.map((each) => each.join(" ")).join(", ")}</span>
                    {keys.map((each) => (
                      <Kbd key={each.join()} keys={each} />
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
