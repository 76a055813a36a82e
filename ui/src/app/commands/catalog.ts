import {
  ArrowLeft,
  ArrowRight,
  CornerLeftUp,
  Download,
  ExternalLink,
  Eye,
  FileCheck,
  Keyboard,
  Link,
  ListFilter,
  Pencil,
  Plus,
  PowerOff,
  RefreshCw,
  Search,
  Settings2,
  SquareTerminal,
  Undo2,
  type LucideIcon,
} from "lucide-react";
import { onMac } from "../platform";
import { views } from "../../features/shell/views";
import type { View } from "../navigation";

/** Where a command belongs in the list of shortcuts. */
export type Where = "everywhere" | "tree" | "list" | "compare" | "matrix" | "editing" | "changes";

type Name =
  | "palette"
  | "back"
  | "forward"
  | "sync"
  | "openInGitLab"
  | "copyCommand"
  | "copyLink"
  | "shortcuts"
  | "filter"
  | "editCustom"
  | "useDefault"
  | "disable"
  | "review"
  | "undo"
  | "exportCsv"
  | "exportJson"
  | "exportReport"
  | "exportDriftCsv"
  | "exportDriftJson"
  | "manageConnection"
  | "addConnection";

/** Everything that may be done from anywhere by key or by name. */
export type CommandId = Name | `view-${View}`;

/** What is fixed about a command. What it does is said by whoever offers it. */
export interface CommandEntry {
  icon: LucideIcon;
  /** As caps are drawn; a lone letter acts only outside of fields. */
  keys?: string[];
  where: Where;
  /** Not offered in the palette: it opens it, or only makes sense by key. */
  byKeyOnly?: true;
}

/** Back and forward. On macOS ⌥← and ⌥→ go over words in a field. */
export function historyKeys(mac: boolean): { back: string[]; forward: string[] } {
  return mac
    ? { back: ["Ctrl", "["], forward: ["Ctrl", "]"] }
    : { back: ["Alt", "←"], forward: ["Alt", "→"] };
}

const named: Record<Name, CommandEntry> = {
  palette: { icon: Search, keys: ["Ctrl", "K"], where: "everywhere", byKeyOnly: true },
  editCustom: { icon: Pencil, keys: ["E"], where: "list" },
  useDefault: { icon: CornerLeftUp, keys: ["U"], where: "list" },
  disable: { icon: PowerOff, where: "list" },
  review: { icon: FileCheck, keys: ["Ctrl", "Enter"], where: "editing" },
  undo: { icon: Undo2, keys: ["Ctrl", "Z"], where: "everywhere" },
  copyCommand: { icon: SquareTerminal, keys: ["Ctrl", "Shift", "C"], where: "everywhere" },
  copyLink: { icon: Link, keys: ["Ctrl", "Shift", "L"], where: "everywhere" },
  openInGitLab: { icon: ExternalLink, keys: ["Ctrl", "O"], where: "everywhere" },
  filter: { icon: ListFilter, keys: ["/"], where: "everywhere", byKeyOnly: true },
  exportDriftCsv: { icon: Download, where: "everywhere" },
  exportDriftJson: { icon: Download, where: "everywhere" },
  exportCsv: { icon: Download, where: "everywhere" },
  exportJson: { icon: Download, where: "everywhere" },
  exportReport: { icon: Download, where: "everywhere" },
  sync: { icon: RefreshCw, keys: ["Ctrl", "R"], where: "everywhere" },
  back: { icon: ArrowLeft, keys: historyKeys(onMac()).back, where: "everywhere" },
  forward: { icon: ArrowRight, keys: historyKeys(onMac()).forward, where: "everywhere" },
  manageConnection: { icon: Settings2, where: "everywhere" },
  addConnection: { icon: Plus, where: "everywhere" },
  shortcuts: { icon: Keyboard, keys: ["?"], where: "everywhere" },
};

/** The one list: the palette, the keys and the list of shortcuts are all made of it. */
export const catalog: readonly (readonly [CommandId, CommandEntry])[] = [
  ...(Object.entries(named) as [Name, CommandEntry][]),
  ...views.map(
    ({ view, number }) =>
      [
        `view-${view}`,
        { icon: Eye, keys: ["Ctrl", String(number)], where: "everywhere" },
      ] as const satisfies [CommandId, CommandEntry],
  ),
];

const pressed: Record<string, string> = {
  "←": "ArrowLeft",
  "→": "ArrowRight",
  "↑": "ArrowUp",
  "↓": "ArrowDown",
};

/** The name of a command's keys, as `useHotkeys` takes it. */
export function hotkeyOf({ keys }: CommandEntry): string | null {
  return keys ? keys.map((key) => pressed[key] ?? key).join("+") : null;
}
