import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, vi } from "vitest";

afterEach(cleanup);
// A machine that does other things besides is slow, not wrong.
configure({ asyncUtilTimeout: 10_000 });

// jsdom lays nothing out: give every element a size, so that virtual rows are drawn.
const rect = { x: 0, y: 0, top: 0, left: 0, right: 1440, bottom: 900, width: 1440, height: 900 };
Element.prototype.getBoundingClientRect = () => ({ ...rect, toJSON: () => rect });
for (const [name, value] of Object.entries({
  clientHeight: 900,
  clientWidth: 1440,
  offsetHeight: 900,
  offsetWidth: 1440,
})) {
  Object.defineProperty(HTMLElement.prototype, name, { configurable: true, value });
}
Object.defineProperty(window, "innerWidth", { configurable: true, writable: true, value: 1440 });
Element.prototype.scrollIntoView = () => undefined;
Element.prototype.scrollTo = () => undefined;
Element.prototype.getAnimations = () => [];
vi.stubGlobal(
  "ResizeObserver",
  class {
    observe() {}
    unobserve() {}
    disconnect() {}
  },
);
vi.stubGlobal("matchMedia", () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
// jsdom has no pointers; what is pressed by key is told as one.
vi.stubGlobal("PointerEvent", MouseEvent);
