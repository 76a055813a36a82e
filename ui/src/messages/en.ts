import { common } from "./en/common";
import { connect, connection } from "./en/connect";
import { edit } from "./en/edit";
import { integrations, compare } from "./en/integrations";
import { plan } from "./en/plan";
import { shell } from "./en/shell";
import { tree } from "./en/tree";

/** Every word the window says. A translation is another object of the same type. */
export const m = { ...common, connect, connection, edit, integrations, compare, plan, shell, tree };
