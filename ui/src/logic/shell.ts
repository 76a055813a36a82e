import type { Connection } from "../ipc/types";

/** A word as a shell takes it, whatever is in it. */
function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command that shows the same as the window. */
export function showCommand(connection: Connection, path: string, slug: string | null): string {
  const words = [
    "heirloomctl",
    "show",
    path,
    ...(slug === null ? [] : [slug]),
    "--instance",
    connection.name,
  ];
  return words.map(word).join(" ");
}
