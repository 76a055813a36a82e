import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

describe("one kind across the estate", () => {
  it("begins with what has most custom settings, and groups them by value", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-integrations"));
    expect(await screen.findByTestId("kind-jira"), "most custom").toHaveAttribute("aria-selected", "true");
    const groups = await screen.findAllByTestId("value-group");
    expect(groups[0], "most first").toHaveTextContent("https://jira.acme.example");
    expect(groups[1], "no default has it").toHaveTextContent("https://jira-old.acme.example");
    await user.click(within(groups[1] as HTMLElement).getByRole("radio"));
    expect(
      await screen.findByTestId("member-acme/platform/checkout/payments-api"),
      "who has that value",
    ).toBeVisible();
  });

  it("looks below one default only", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-integrations"));
    await user.click(await screen.findByTestId("default-acme/platform"));
    const old = (await screen.findAllByTestId("value-group"))[1];
    await waitFor(() => expect(old, "against that default").toHaveTextContent("not the default"));
    expect(old?.querySelector("mark"), "only what differs is marked").toHaveTextContent(/^-old$/);
  });

  it("offers nothing for a value that is gone, rather than the same for another", async () => {
    const { mock, user } = await openWindow();
    await user.click(await screen.findByTestId("view-integrations"));
    const groups = await screen.findAllByTestId("value-group");
    await user.click(within(groups[1] as HTMLElement).getByRole("radio"));
    expect(await screen.findByTestId("members-use-default"), "offered for those").toBeVisible();
    const url = (value: string) => ({ kind: "text" as const, value });
    for (const scope of mock.company.all.values()) {
      const fields = scope.rows.get("jira")?.fields;
      const held = fields?.["url"];
      if (fields && held?.kind === "text" && held.value === "https://jira-old.acme.example")
        fields["url"] = url("https://jira.acme.example");
    }
    act(mock.changed);
    expect(await screen.findByTestId("value-gone"), "which").toHaveTextContent(
      "https://jira-old.acme.example",
    );
    expect(screen.queryByTestId("members-use-default"), "for nobody else").toBeNull();
    for (const radio of screen.getAllByRole("radio"))
      if (radio.closest("[data-testid=value-group]")) expect(radio, "none is chosen").not.toBeChecked();
  });

  it("opens a member's comparison by keyboard", async () => {
    const { user } = await openWindow();
    await user.click(await screen.findByTestId("view-integrations"));
    const members = await screen.findByTestId("members");
    await screen.findByTestId("member-acme/platform/checkout/fraud-rules-engine");
    members.focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(
      await screen.findByRole("heading", { name: "fraud-rules-engine" }),
      "the second of them",
    ).toBeVisible();
  });
});
