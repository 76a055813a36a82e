import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Overview } from "../../ipc/types";
import { Defaults } from "../integrations/Defaults";
import { KeyFigures } from "./KeyFigures";

const none = () => undefined;

/** An older GitLab: groups can't be read, and no row's link is told. */
const older: Overview = {
  groups: 25,
  projects: 70,
  unreadable: 25,
  parts: [],
  kinds: [
    {
      slug: "jira",
      title: "Jira",
      category: "tracker",
      counts: [{ state: "unknown", n: 61 }],
      defaults: 0,
      in_use: true,
    },
  ],
};

describe("what an older GitLab doesn't tell", () => {
  it("is a figure of its own, and in no other", () => {
    render(<KeyFigures overview={older} trend={undefined} now={0} onOpen={none} />);
    const figure = screen.getByTestId("figure-unknown").closest("li");
    expect(figure, "rows that are on, and no more is known").toHaveTextContent("61");
    expect(figure, "and scopes of which nothing is").toHaveTextContent("25 scopes couldn’t be read");
    expect(screen.queryByTestId("figure-custom"), "none is said to be custom").toBeNull();
  });

  it("is no claim that nobody sets a default", () => {
    const props = { defaults: [], field: null, chosen: null, onChoose: none, onOpen: none };
    const { rerender } = render(<Defaults {...props} hidden />);
    expect(screen.getByText("No default can be seen")).toBeVisible();
    expect(screen.queryByText("No scope sets a default")).toBeNull();
    rerender(<Defaults {...props} hidden={false} />);
    expect(screen.getByText("No scope sets a default"), "where all could be read").toBeVisible();
  });
});
