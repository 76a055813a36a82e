import type { CompareRow, CompareSection, SectionKind } from "../../../ipc/types";

/** A section as shown: what is equal is folded away, unless asked for. */
export interface ShownSection {
  kind: SectionKind;
  title: string;
  differs: number;
  rows: CompareRow[];
  /** Equal rows, folded or not. */
  equal: CompareRow[];
  folded: boolean;
}

/**
 * Sections with their equal rows folded. Where nothing is stored on one side there is nothing to
 * fold: every row has only that side.
 */
export function shownSections(
  sections: CompareSection[],
  unfolded: ReadonlySet<SectionKind>,
): ShownSection[] {
  return sections
    .filter((section) => section.rows.length > 0)
    .map((section) => {
      const equal = section.rows.filter((row) => row.verdict === "same");
      const folded = equal.length > 0 && !unfolded.has(section.kind);
      return {
        kind: section.kind,
        title: section.title,
        differs: section.rows.filter((row) => row.verdict === "differs").length,
        rows: folded ? section.rows.filter((row) => row.verdict !== "same") : section.rows,
        equal,
        folded,
      };
    });
}

/** The row to go to from `at`: the next or previous one that differs, if there is one. */
export function nextDifference(rows: CompareRow[], at: number, by: 1 | -1): number | null {
  for (let index = at + by; index >= 0 && index < rows.length; index += by) {
    if (rows[index]?.verdict === "differs") return index;
  }
  return null;
}
