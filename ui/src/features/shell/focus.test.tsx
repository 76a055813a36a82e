import { render, screen, waitFor } from "@testing-library/react";
import { useRef, type ReactNode } from "react";
import { describe, expect, it } from "vitest";
import type { Place } from "../../app/navigation";
import { useFocusKept } from "./focus";

const overview: Place = { view: "overview", connection: 1, root: null, level: null };
const changes: Place = { view: "changes", connection: 1, run: null };

function View({ place, children }: { place: Place; children: ReactNode }) {
  const main = useRef<HTMLElement>(null);
  useFocusKept(main, place);
  return <main ref={main}>{children}</main>;
}

describe("the focus", () => {
  it("goes to what a place shows, also when that comes later", async () => {
    const { rerender } = render(
      <View place={overview}>
        <button>Open</button>
      </View>,
    );
    screen.getByText("Open").focus();
    rerender(<View place={changes}>Loading</View>);
    expect(document.body, "nothing to focus yet").toHaveFocus();
    rerender(
      <View place={changes}>
        <h1>Plan</h1>
      </View>,
    );
    await waitFor(() => expect(screen.getByText("Plan")).toHaveFocus());
  });

  it("prefers a pane to the heading, and either to the tree", async () => {
    const { rerender } = render(<View place={overview}>Here</View>);
    rerender(
      <View place={changes}>
        <div data-pane="tree">
          <div data-pane-focus="" tabIndex={0} />
        </div>
        <h1>Jira</h1>
        <div data-pane="list">
          <div data-pane-focus="" tabIndex={0} data-testid="list" />
        </div>
      </View>,
    );
    await waitFor(() => expect(screen.getByTestId("list")).toHaveFocus());
  });

  it("goes to the neighbour of what was taken away", async () => {
    const items = (names: string[]) => (
      <View place={changes}>
        <ul>
          {names.map((name) => (
            <li key={name}>
              <button>{name}</button>
            </li>
          ))}
        </ul>
      </View>
    );
    const { rerender } = render(items(["one", "two", "three"]));
    screen.getByText("two").focus();
    rerender(items(["one", "three"]));
    await waitFor(() => expect(screen.getByText("three"), "the next came into its place").toHaveFocus());
    rerender(items(["one"]));
    await waitFor(() => expect(screen.getByText("one"), "the last has one before it").toHaveFocus());
  });

  it("is never taken from where it is", () => {
    const both = (place: Place) => (
      <View place={place}>
        <h1>Title</h1>
        <input aria-label="Find" />
      </View>
    );
    const { rerender } = render(both(overview));
    screen.getByLabelText("Find").focus();
    rerender(both(changes));
    expect(screen.getByLabelText("Find")).toHaveFocus();
  });
});
