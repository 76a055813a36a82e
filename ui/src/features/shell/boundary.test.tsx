import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Boundary } from "./Boundary";

const here = { view: "connect" } as const;

describe("a view that cannot be drawn", () => {
  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
  afterEach(() => vi.restoreAllMocks());

  it("says what happened, leaves the rest alone, and can be tried again", async () => {
    let broken = true;
    const View = () => {
      if (broken) throw new RangeError("Invalid time value");
      return <p>The view</p>;
    };
    render(
      <>
        <nav>The rest</nav>
        <Boundary place={here}>
          <View />
        </Boundary>
      </>,
    );
    expect(screen.getByRole("alert"), "what happened").toHaveTextContent("Invalid time value");
    expect(screen.getByText("The rest"), "not an empty window").toBeVisible();
    broken = false;
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(screen.getByText("The view")).toBeVisible();
  });

  it("is left behind by going elsewhere", () => {
    let broken = true;
    const View = () => {
      if (broken) throw new Error("no");
      return <p>Another view</p>;
    };
    const { rerender } = render(
      <Boundary place={here}>
        <View />
      </Boundary>,
    );
    broken = false;
    rerender(
      <Boundary place={{ view: "overview", connection: 1, root: null, level: null }}>
        <View />
      </Boundary>,
    );
    expect(screen.getByText("Another view")).toBeVisible();
  });
});
