/** A text in which what was looked for is underlined. */
export function Underlined({ text, wanted }: { text: string; wanted: string }) {
  const at = wanted === "" ? -1 : text.toLowerCase().indexOf(wanted.toLowerCase());
  // Small letters may be longer than large ones (İ): then nothing is underlined rather than a wrong part.
  if (at < 0 || text.toLowerCase().length !== text.length) return <bdi>{text}</bdi>;
  return (
    <bdi>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + wanted.length)}</mark>
      {text.slice(at + wanted.length)}
    </bdi>
  );
}
