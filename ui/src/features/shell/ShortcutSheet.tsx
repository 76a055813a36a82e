import { Button } from "../../components/Button";
import { Dialog } from "../../components/Dialog";
import { Kbd } from "../../components/Kbd";
import { usePreference } from "../../ipc/preferences";
import { m } from "../../messages/en";
import styles from "./ShortcutSheet.module.css";

type Row = keyof typeof m.shell.shortcutSheet.rows;
type Heading = "everywhere" | "tree" | "list" | "compare" | "matrix" | "editing" | "changes";

const sheet: [Heading, [Row, string[][]][]][] = [
  [
    "everywhere",
    [
      ["find", [["Ctrl", "K"]]],
      ["views", [["Ctrl", "1–6"]]],
      [
        "history",
        [
          ["Alt", "←"],
          ["Alt", "→"],
        ],
      ],
      ["pane", [["F6"]]],
      ["sync", [["Ctrl", "R"]]],
      ["openInGitLab", [["Ctrl", "O"]]],
      ["toasts", [["F8"]]],
      ["sheet", [["?"]]],
    ],
  ],
  [
    "tree",
    [
      ["move", [["↑"], ["↓"]]],
      ["openClose", [["←"], ["→"]]],
      ["ends", [["Home"], ["End"]]],
      ["type", [["a–z"]]],
      ["filter", [["/"]]],
      ["siblings", [["*"]]],
    ],
  ],
  [
    "list",
    [
      ["move", [["↑"], ["↓"]]],
      ["compare", [["Enter"]]],
      ["why", [["I"]]],
      ["editCustom", [["E"]]],
      ["useDefault", [["U"]]],
    ],
  ],
  [
    "compare",
    [
      ["rowMove", [["↑"], ["↓"]]],
      ["difference", [["N"], ["P"]]],
      ["fold", [["F"]]],
      ["copy", [["Ctrl", "C"]]],
    ],
  ],
  [
    "matrix",
    [
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
  ],
  ["editing", [["review", [["Ctrl", "Enter"]]]]],
  [
    "changes",
    [
      ["apply", [["Ctrl", "Enter"]]],
      ["pause", [["P"]]],
    ],
  ],
];

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
        {sheet.map(([heading, rows]) => (
          <section key={heading}>
            <h3>{t[heading]}</h3>
            <dl>
              {rows.map(([row, keys]) => (
                <div key={row}>
                  <dt>{t.rows[row]}</dt>
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
