import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
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
