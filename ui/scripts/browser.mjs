import { chromium } from "playwright-core";
import { createServer } from "vite";
import { scenes } from "./scenes.mjs";

/**
 * Shows every scene in both themes, or those that are named, over the mock company on a free port of
 * this computer, and has `work` done with each: it is given the page, a name, and what went wrong.
 */
export async function withScenes(only, size, work) {
  const wanted = scenes.filter(({ name }) => only.length === 0 || only.includes(name));
  await withMock(async (browser, url) => {
    for (const scene of wanted) {
      for (const theme of ["light", "dark"]) {
        const { page, problems } = await openMock(browser, url(`theme=${theme}&${scene.query}`), size);
        await scene.act(page).catch((error) => problems.push(String(error).split("\n")[0]));
        // Transitions are off; two frames are enough for what was just shown to be painted.
        await page.evaluate(
          () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
        );
        await work(page, `${scene.name}-${theme}`, problems);
        for (const problem of problems) console.log(`${scene.name}-${theme}: ${problem}`);
        await page.close();
      }
    }
  });
  return wanted.length;
}

async function withMock(work) {
  const server = await createServer({
    // A file that changes meanwhile is not followed: half of a page would be of before.
    server: { port: 0, strictPort: false, host: "127.0.0.1", hmr: false, watch: null },
    logLevel: "warn",
  });
  await server.listen();
  const { port } = server.httpServer.address();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
  });
  try {
    await work(browser, (query) => `http://127.0.0.1:${port}/mock.html?${query}`);
  } finally {
    await browser.close();
    await server.close();
  }
}

/** A page over the mock, once its first view has its data. */
async function openMock(browser, url, { width, height }) {
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: "reduce" });
  const problems = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  await page.goto(url);
  await page.waitForSelector('html[data-ready="true"]', { timeout: 20_000 }).catch((error) => {
    throw new Error(`${error.message}\n${problems.join("\n")}`);
  });
  await page.evaluate(() => document.fonts.ready);
  return { page, problems };
}
