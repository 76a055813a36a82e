import type { TreeLine } from "./flatten";

/** What a key does in the tree. */
export type TreeAct =
  | { kind: "move"; to: number }
  | { kind: "expand"; keys: string[] }
  | { kind: "collapse"; key: string }
  | null;

/** The act for a key, as the ARIA pattern for trees has it. */
export function treeKey(key: string, lines: TreeLine[], at: number, pageRows: number): TreeAct {
  const line = lines[at];
  const move = (to: number): TreeAct => ({ kind: "move", to: Math.max(0, Math.min(lines.length - 1, to)) });
  switch (key) {
    case "ArrowDown":
      return move(at + 1);
    case "ArrowUp":
      return move(at - 1);
    case "PageDown":
      return move(at + pageRows);
    case "PageUp":
      return move(at - pageRows);
    case "Home":
      return move(0);
    case "End":
      return move(lines.length - 1);
    case "ArrowRight":
      if (line?.kind !== "row" || line.row.children === 0) return null;
      return line.expanded ? move(at + 1) : { kind: "expand", keys: [line.key] };
    case "ArrowLeft": {
      if (line?.kind === "row" && line.expanded) return { kind: "collapse", key: line.key };
      const parent = lines.findIndex((other) => other.kind === "row" && other.key === line?.parentKey);
      return parent < 0 ? null : move(parent);
    }
    case "*": {
      const keys = lines.flatMap((other) =>
        other.kind === "row" && other.parentKey === line?.parentKey && other.row.children > 0
          ? [other.key]
          : [],
      );
      return { kind: "expand", keys };
    }
    default:
      return null;
  }
}

/** The next line whose name begins with what was typed, wrapping round. */
export function typeAhead(lines: TreeLine[], at: number, typed: string): number | null {
  const wanted = typed.toLocaleLowerCase();
  // A new letter goes on to the next match; more letters may stay where they are.
  const first = typed.length > 1 ? at : at + 1;
  for (let step = 0; step < lines.length; step++) {
    const index = (first + step) % lines.length;
    const line = lines[index];
    if (line?.kind === "row" && line.row.name.toLocaleLowerCase().startsWith(wanted)) return index;
  }
  return null;
}
