/** What a scene is made of: each takes what it is to do, and gives what does it to a page. */

const locate = (page, what) => (typeof what === "string" ? page.getByTestId(what) : what(page));

/** Other ways to name a thing than by its test id. */
export const role = (name, options) => (page) => page.getByRole(name, options).first();
export const text = (words) => (page) => page.getByText(words).first();
export const within = (id, inside) => (page) => page.getByTestId(id).locator(inside).first();

export const click = (what) => (page) => locate(page, what).click();
export const fill = (what, words) => (page) => locate(page, what).fill(words);
export const tick = (what) => (page) => locate(page, what).check();
export const focus = (what) => (page) => locate(page, what).focus();
export const see = (what) => (page) => locate(page, what).first().waitFor();
export const press =
  (key, times = 1) =>
  async (page) => {
    for (let count = 0; count < times; count++) await page.keyboard.press(key);
  };

/** Opens a view by its tab. */
export const view = (name) => click(`view-${name}`);

/** Opens the palette and types. */
export const palette = (words) => all(press("Control+k"), ...(words ? [fill("palette-input", words)] : []));

/** A block of the first column of the matrix: from a project on, some rows down. */
export const block = (project, rows) =>
  all(click(within(`matrix-row-${project}`, "[data-column='0']")), press("Shift+ArrowDown", rows - 1));

/** One after the other. */
export const all =
  (...steps) =>
  async (page) => {
    for (const step of steps) await step(page);
  };
