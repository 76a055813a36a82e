/** A text cut at the first and last place where it departs from another. */
export interface Marked {
  before: string;
  differs: string;
  after: string;
}

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
const graphemes = (text: string) => Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Where `text` differs from `other`: what both begin with, what is its own, what both end with. */
export function markDifference(text: string, other: string): Marked {
  const a = graphemes(text);
  const b = graphemes(other);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;
  return {
    before: a.slice(0, start).join(""),
    differs: a.slice(start, a.length - end).join(""),
    after: a.slice(a.length - end).join(""),
  };
}
