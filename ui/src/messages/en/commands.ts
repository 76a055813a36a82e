import type { CommandId } from "../../app/commands/catalog";
import { common } from "./common";
import { shell } from "./shell";

const views = Object.fromEntries(
  Object.entries(shell.views).map(([view, name]) => [`view-${view}`, `Go to ${name}`]),
) as Record<Extract<CommandId, `view-${string}`>, string>;

/** What every command is called. */
export const commands: Record<CommandId, string> = {
  ...views,
  palette: "Search or run a command",
  back: "Back",
  forward: "Forward",
  sync: "Sync everything",
  openInGitLab: "Open this page in GitLab",
  copyCommand: "Copy as heirloomctl command",
  copyLink: "Copy link to this page in GitLab",
  shortcuts: "Keyboard shortcuts",
  filter: "Filter",
  editCustom: common.acts.editCustom,
  useDefault: common.acts.useDefault,
  disable: common.acts.disable,
  review: common.acts.reviewPlan,
  undo: "Plan to undo the last run",
  exportCsv: "Export as spreadsheet (CSV)",
  exportJson: "Export for programs (JSON)",
  exportReport: "Export a report with drift (HTML)",
  exportDriftCsv: "Export these changes as spreadsheet (CSV)",
  exportDriftJson: "Export these changes for programs (JSON)",
  manageConnection: "Manage this connection",
  addConnection: "Add a connection",
};
