import type { TreeLine } from "./flatten";

/** More open nodes than this are not remembered. */
const REMEMBERED = 400;
const ROOT = "instance:0";

/** What of the open nodes is written down: the root and the way to what is selected, then the latest. */
export function toRemember(open: readonly string[], way: readonly string[]): string[] {
  if (open.length <= REMEMBERED) return [...open];
  const always = new Set([ROOT, ...way]);
  const kept = open.filter((key) => always.has(key));
  const others = open.filter((key) => !always.has(key));
  return [...kept, ...others.slice(-Math.max(0, REMEMBERED - kept.length))];
}

/** The nodes above one of the lines. */
export function ancestorsIn(lines: readonly TreeLine[], key: string | null): string[] {
  const found: string[] = [];
  let at = lines.findIndex((line) => line.key === key);
  let depth = lines[at]?.depth ?? 0;
  for (at -= 1; at >= 0 && depth > 0; at -= 1) {
    const line = lines[at];
    if (!line || line.depth >= depth) continue;
    depth = line.depth;
    found.push(line.key);
  }
  return found;
}
