import type { View } from "../../app/navigation";

/** The views in the order of the top bar, with the number that Ctrl goes to them by. */
export const views: readonly { view: View; number: number }[] = [
  { view: "overview", number: 1 },
  { view: "scopes", number: 2 },
  { view: "matrix", number: 3 },
  { view: "integrations", number: 4 },
  { view: "changes", number: 5 },
  { view: "drift", number: 6 },
];
