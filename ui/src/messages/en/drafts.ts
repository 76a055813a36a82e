import * as f from "../format";

const drafts = (n: number) => f.plural(n, "draft", "drafts");

/** Drafts in the tray. */
const tray = {
  title: "Drafts",
  note: "Reviewed together they become a plan for each integration. A draft stays until GitLab has it.",
  all: (n: number) => f.form(n, "The draft", `All ${drafts(n)}`),
  include: (name: string) => `Take along: ${name}`,
  review: (n: number) => `Review ${drafts(n)}`,
  discard: (n: number) => `Discard ${drafts(n)}`,
  discardTitle: (n: number) => `Discard ${drafts(n)}?`,
  discardNote: "What was typed in them is lost. GitLab is not touched.",
  discarded: (n: number) => `${drafts(n)} thrown away`,
  notPlanned: "The drafts were not planned",
  planned: (n: number) => `${f.plural(n, "plan", "plans")} made, one for each integration`,
  plannedNext: "Look at each, and apply it.",
  left: (n: number) =>
    f.form(n, "1 draft is in no plan: it says why.", `${f.number(n)} drafts are in no plan: they say why.`),
};

export { tray as drafts };
