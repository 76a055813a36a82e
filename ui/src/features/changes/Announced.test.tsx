import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Announced } from "./Announced";

describe("what changes all the time", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("is said every five seconds, also while it never rests", () => {
    const { rerender } = render(<Announced text="0 of 200" />);
    const heard = new Set<string | null>();
    for (let second = 1; second <= 12; second += 1) {
      rerender(<Announced text={`${second} of 200`} />);
      act(() => void vi.advanceTimersByTime(1000));
      heard.add(screen.getByRole("status").textContent);
    }
    expect([...heard], "no more often, and no less").toEqual(["0 of 200", "5 of 200", "10 of 200"]);
  });
});
