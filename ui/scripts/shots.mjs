import { mkdir } from "node:fs/promises";
import { withScenes } from "./browser.mjs";

// node scripts/shots.mjs FOLDER [WIDTHxHEIGHT] [SCENE…]: pictures of the mock views in both themes.
const [folder = "shots", size = "1440x900", ...only] = process.argv.slice(2);
const [width, height] = size.split("x").map(Number);
await mkdir(folder, { recursive: true });
await withScenes(only, { width, height }, (page, name) => page.screenshot({ path: `${folder}/${name}.png` }));
