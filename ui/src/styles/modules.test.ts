import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const root = resolve(import.meta.dirname, "..");
const files = readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name));
const sheets = files.filter((name) => name.endsWith(".module.css"));

/** Class names that a sheet has rules for. */
const classesOf = (sheet: string) =>
  new Set(
    [
      ...readFileSync(sheet, "utf8")
        .replaceAll(/\/\*[\s\S]*?\*\/|:global\([^)]*\)/g, "")
        .matchAll(/\.([a-z_][\w-]*)(?![^{]*\})/gi),
    ].map(([, name]) => name ?? ""),
  );

/** Where each sheet is used, and which of its classes; `all`: by names that are only known as it runs. */
const uses = files
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith(".test.tsx"))
  .flatMap((name) => {
    const text = readFileSync(name, "utf8");
    return [...text.matchAll(/import (\w+) from "(\.[^"]+\.module\.css)"/g)].map(
      ([, as = "", from = ""]) => ({
        by: relative(root, name),
        sheet: resolve(dirname(name), from),
        names: [...text.matchAll(new RegExp(`\\b${as}\\.(\\w+)`, "g"))].map(([, used]) => used ?? ""),
        all: new RegExp(`\\b${as}\\[`).test(text),
      }),
    );
  });

describe("style sheets and what uses them", () => {
  it("have a rule for every class that a component asks for", () => {
    const missing = uses.flatMap(({ by, sheet, names }) => {
      const has = classesOf(sheet);
      return names.filter((name) => !has.has(name)).map((name) => `${by}: ${name}`);
    });
    expect(missing, "a class without a rule dresses nothing").toEqual([]);
  });

  it("have no rule that nothing asks for", () => {
    const dead = sheets.flatMap((sheet) => {
      const by = uses.filter((use) => use.sheet === sheet);
      if (by.some(({ all }) => all)) return [];
      const used = new Set(by.flatMap(({ names }) => names));
      return [...classesOf(sheet)]
        .filter((name) => !used.has(name))
        .map((name) => `${relative(root, sheet)}: ${name}`);
    });
    expect(dead, "left behind by what is gone").toEqual([]);
  });
});
