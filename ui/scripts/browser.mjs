import { chromium } from "playwright-core";
import { createServer } from "vite";

/** Serves the mock company on a free port of this computer and opens a browser over it. */
export async function withMock(work) {
  const server = await createServer({
    server: { port: 0, strictPort: false, host: "127.0.0.1" },
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
export async function openMock(browser, url, { width = 1440, height = 900 } = {}) {
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
