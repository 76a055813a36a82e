import {
  Activity,
  BookOpen,
  Box,
  Cable,
  Folder,
  FolderOpen,
  Hammer,
  Mail,
  MessageSquare,
  Package,
  ScanSearch,
  Server,
  TicketCheck,
  type LucideIcon,
} from "lucide-react";
import type { Category, Level } from "../ipc/types";
import styles from "./icons.module.css";

const categories: Record<Category, LucideIcon> = {
  tracker: TicketCheck,
  chat: MessageSquare,
  build: Hammer,
  mail: Mail,
  wiki: BookOpen,
  monitor: Activity,
  package: Package,
  security: ScanSearch,
  other: Cable,
};

/** What an integration is for, as an icon in a tile. No trademarks. */
export function CategoryTile({ category }: { category: Category }) {
  const Icon = categories[category];
  return (
    <span className={styles.tile} aria-hidden="true">
      <Icon size={14} strokeWidth={2} />
    </span>
  );
}

/** A scope's level. */
export function LevelIcon({ level, open = false }: { level: Level; open?: boolean }) {
  const Icon = level === "instance" ? Server : level === "project" ? Box : open ? FolderOpen : Folder;
  return <Icon size={14} strokeWidth={2} className={styles.level} aria-hidden="true" />;
}

/** The app's mark: settings handed down. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg viewBox="0 0 20 20" width={size} height={size} className={styles.mark} aria-hidden="true">
      <path d="M10 1.6 14.4 6 10 10.4 5.6 6Z" fill="currentColor" />
      <path
        d="M10 10v4.5M4.4 15v-.6a2.4 2.4 0 0 1 2.4-2.4h6.4a2.4 2.4 0 0 1 2.4 2.4v.6"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
      />
      <circle cx="4.4" cy="16" r="2" fill="currentColor" />
      <circle cx="10" cy="16" r="2" fill="currentColor" />
      <circle cx="15.6" cy="16" r="2" fill="currentColor" />
    </svg>
  );
}
