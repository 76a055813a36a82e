import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/**
 * The window freezes `Object.prototype` before anything runs, and what inherits from it can then
 * not be given a `constructor` or `valueOf` by assignment. Some libraries of Recharts do just that.
 */
const mended: readonly [path: string, before: string, after: string][] = [
  ["/decimal.js-light/decimal.", "P = {};", "P = Object.create(null);"],
  [
    "/d3-color/dist/d3-color.",
    "prototype.constructor = constructor;",
    'Object.defineProperty(prototype, "constructor", { value: constructor, writable: true });',
  ],
  [
    "/d3-format/dist/d3-format.",
    "FormatSpecifier.prototype.toString = ",
    'Object.defineProperty(FormatSpecifier.prototype, "toString", { writable: true });\nFormatSpecifier.prototype.toString = ',
  ],
];

function livesWithFrozenPrototype(): Plugin {
  return {
    name: "lives-with-frozen-prototype",
    transform(code, id) {
      const found = mended.find(([path]) => id.includes(path));
      if (!found) return null;
      const [, before, after] = found;
      if (!code.includes(before)) throw new Error(`${id} is not as it was: look at it again`);
      return { code: code.replace(before, after), map: null };
    },
  };
}

export default defineConfig({
  plugins: [react(), livesWithFrozenPrototype()],
  optimizeDeps: { rolldownOptions: { plugins: [livesWithFrozenPrototype()] } },
  clearScreen: false,
  server: { port: 5173, strictPort: true },
  // index.html alone: mock.html and what it imports never reach the app.
  build: {
    target: "es2022",
    rolldownOptions: { input: "index.html" },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
  },
  test: {
    environment: "jsdom",
    setupFiles: ["test/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    // Generous: a loaded machine is slow, not wrong.
    testTimeout: 30_000,
  },
});
