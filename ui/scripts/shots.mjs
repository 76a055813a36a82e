import { mkdir } from "node:fs/promises";
import { openMock, withMock } from "./browser.mjs";
import { scenes } from "./scenes.mjs";

// node scripts/shots.mjs FOLDER [WIDTHxHEIGHT] [SCENE…]: pictures of the mock views in both themes.
const [folder = "shots", size = "1440x900", ...only] = process.argv.slice(2);
const [width, height] = size.split("x").map(Number);
await mkdir(folder, { recursive: true });
await withMock(async (browser, url) => {
  for (const scene of scenes.filter(({ name }) => only.length === 0 || only.includes(name))) {
    for (const theme of ["light", "dark"]) {
      const { page, problems } = await openMock(browser, url(`theme=${theme}&${scene.query}`), {
        width,
        height,
      });
      try {
        await scene.act?.(page);
      } catch (error) {
        problems.push(String(error).split("\n")[0]);
      }
      // Transitions are off; two frames are enough for what was just shown to be painted.
      await page.evaluate(
        () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
      );
      await page.screenshot({ path: `${folder}/${scene.name}-${theme}.png` });
      for (const problem of problems) console.log(`${scene.name}-${theme}: ${problem}`);
      await page.close();
    }
  }
});
