import { m } from "../messages/en";
import { Tag } from "./Tag";

interface Marked {
  archived: boolean;
  pending_deletion: boolean;
  gone: boolean;
}

/** What is particular about a scope, in a word. */
export function ScopeTags({ of }: { of: Marked }) {
  const words = [
    of.archived && m.tree.archived,
    of.pending_deletion && m.tree.pendingDeletion,
    of.gone && m.tree.gone,
  ].filter((word) => word !== false);
  return words.map((word) => <Tag key={word}>{word}</Tag>);
}
