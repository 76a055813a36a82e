import { changes } from "./en/changes";
import { commands } from "./en/commands";
import { common } from "./en/common";
import { connect, connection } from "./en/connect";
import { drift } from "./en/drift";
import { edit } from "./en/edit";
import { integrations, compare } from "./en/integrations";
import { kinds } from "./en/kinds";
import { matrix, scopePicker } from "./en/matrix";
import { overview } from "./en/overview";
import { exporting, palette } from "./en/palette";
import { plan } from "./en/plan";
import { shell } from "./en/shell";
import { tree } from "./en/tree";

/** Every word the window says. A translation is another object of the same type. */
export const m = {
  ...common,
  changes,
  commands,
  connect,
  connection,
  drift,
  edit,
  integrations,
  compare,
  kinds,
  matrix,
  overview,
  exporting,
  palette,
  plan,
  scopePicker,
  shell,
  tree,
};
