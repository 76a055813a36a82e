import { createRequire } from "node:module";
import { withScenes } from "./browser.mjs";

// Runs axe over the mock views, in both themes; ends with an error if it finds anything.
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const only = process.argv.slice(2);
let found = 0;
const views = await withScenes(only, { width: 1440, height: 900 }, async (page, name, problems) => {
  await page.addScriptTag({ path: axe });
  // Base UI's focus guards: empty spans at the edges of what is open, which hand the focus on the
  // moment they get it. Nobody ever stands on one, so that they are hidden from screen readers
  // is right; axe cannot know that they are no stop.
  const guards = "[data-base-ui-focus-guard]";
  const { violations } = await page.evaluate(
    (exclude) => window.axe.run({ exclude: [[exclude]] }, { resultTypes: ["violations"] }),
    guards,
  );
  for (const { id, nodes } of violations) {
    for (const { html, failureSummary } of nodes.slice(0, 5)) {
      console.log(`${name}: ${id}: ${html.slice(0, 200)}\n  ${failureSummary}`);
    }
  }
  found += violations.length + problems.length;
});
console.log(`${views} views in 2 themes: ${found} found`);
process.exitCode = found === 0 ? 0 : 1;
