import { describe, expect, it, vi } from "vitest";
import { newestOnly } from "./newest";

describe("questions as somebody types", () => {
  it("asks the first and the last, and none that was overtaken", async () => {
    const ask = newestOnly();
    const asked: string[] = [];
    let answer: (text: string) => void = () => undefined;
    const type = (text: string) => {
      const overtaken = new AbortController();
      const question = ask(overtaken.signal, () => {
        asked.push(text);
        return new Promise<string>((resolve) => (answer = resolve));
      });
      return { overtaken, answer: question.catch((error: unknown) => String(error)) };
    };
    const [first, between, last] = [type("p"), type("pa"), type("pay")];
    await vi.waitFor(() => expect(asked).toEqual(["p"]));
    first.overtaken.abort();
    between.overtaken.abort();
    answer("first");
    expect(await between.answer, "the one between is given up").toContain("Abort");
    await vi.waitFor(() => expect(asked, "what was overtaken was never asked").toEqual(["p", "pay"]));
    answer("last");
    expect(await last.answer, "the last is answered").toBe("last");
  });
});
