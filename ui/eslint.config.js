import js from "@eslint/js";
import reactHooks from "eslint-plugin-react-hooks";
import tseslint from "typescript-eslint";

const tauriOnlyInIpc = {
  group: ["@tauri-apps/*", "**/bindings.gen*"],
  allowTypeImports: false,
  message: "Only ui/src/ipc talks to Tauri; import from there, so that the window can be tested without it.",
};
const noMockInApp = {
  group: ["**/mock/**"],
  message: "The mock company is for development and tests; the app never imports it.",
};

export default tseslint.config(
  { ignores: ["dist", "node_modules", "src/ipc/bindings.gen.ts"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: { "react-hooks": reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": "error",
    },
  },
  {
    files: ["src/**/*.{ts,tsx}"],
    ignores: ["src/ipc/**", "src/mock/**", "**/*.test.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauriOnlyInIpc, noMockInApp] }] },
  },
  {
    files: ["src/mock/**/*.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    rules: { "no-restricted-imports": ["error", { patterns: [tauriOnlyInIpc] }] },
  },
  {
    files: ["scripts/**/*.mjs", "eslint.config.js"],
    languageOptions: {
      globals: {
        console: "readonly",
        process: "readonly",
        document: "readonly",
        window: "readonly",
        URL: "readonly",
        requestAnimationFrame: "readonly",
      },
    },
  },
);
