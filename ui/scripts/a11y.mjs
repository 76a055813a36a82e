import { createRequire } from "node:module";
import { openMock, withMock } from "./browser.mjs";
import { scenes } from "./scenes.mjs";

// Runs axe over the mock views, in both themes; ends with an error if it finds anything.
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const only = process.argv.slice(2);
let found = 0;
await withMock(async (browser, url) => {
  for (const scene of scenes.filter(({ name }) => only.length === 0 || only.includes(name))) {
    for (const theme of ["light", "dark"]) {
      const { page, problems } = await openMock(browser, url(`theme=${theme}&${scene.query}`));
      await scene.act?.(page);
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.addScriptTag({ path: axe });
      // Base UI's focus guards: empty spans at the edges of what is open, which hand the focus on the
      // moment they get it. Nobody ever stands on one, so that they are hidden from screen readers
      // is right; axe cannot know that they are no stop.
      const guards = "[data-base-ui-focus-guard]";
      const { violations } = await page.evaluate(
        (exclude) => window.axe.run({ exclude: [[exclude]] }, { resultTypes: ["violations"] }),
        guards,
      );
      for (const violation of violations) {
        for (const node of violation.nodes.slice(0, 5)) {
          console.log(
            `${scene.name}-${theme}: ${violation.id}: ${node.html.slice(0, 200)}\n  ${node.failureSummary}`,
          );
        }
      }
      for (const problem of problems) console.log(`${scene.name}-${theme}: ${problem}`);
      found += violations.length + problems.length;
      await page.close();
    }
  }
});
console.log(`${scenes.length} views in 2 themes: ${found} found`);
process.exitCode = found === 0 ? 0 : 1;
