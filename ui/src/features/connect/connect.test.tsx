import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openWindow } from "../../../test/render";

describe("making a connection", () => {
  it("says what failed at its field and keeps what was typed", async () => {
    const { user } = await openWindow({ connected: false });
    await user.type(await screen.findByTestId("connect-url"), "https://gitlab.acme.example/");
    await user.type(screen.getByTestId("connect-token"), "wrong");
    await user.click(screen.getByTestId("connect-submit"));

    expect(
      await screen.findByTestId("connect-token-error"),
      "the reason stands at the token",
    ).toHaveTextContent("401");
    expect(screen.getByTestId("connect-token"), "the token is still there").toHaveValue("wrong");
    expect(screen.getByTestId("connect-url"), "the address was tidied").toHaveValue(
      "https://gitlab.acme.example",
    );
    expect(screen.getByTestId("connect-token"), "and marked for assistive technology").toBeInvalid();
  });

  it("asks for what is missing before it asks GitLab", async () => {
    const { mock, user } = await openWindow({ connected: false });
    await user.click(await screen.findByTestId("connect-submit"));
    expect(screen.getByTestId("connect-url-error"), "no address").toBeVisible();
    expect(
      mock.calls.some(({ name }) => name === "checkConnection"),
      "GitLab wasn't asked",
    ).toBe(false);
  });

  it("keeps what is typed during a check, and drops what was found for what stood there before", async () => {
    const { mock, user } = await openWindow({ connected: false });
    const check = mock.backend.commands.checkConnection;
    let answer = () => {};
    const asked: string[] = [];
    mock.backend.commands.checkConnection = async (input) => {
      asked.push(input.url);
      await new Promise<void>((done) => (answer = done));
      return check(input);
    };
    const url = await screen.findByTestId("connect-url");
    await user.type(url, "https://gitlab.acme.example");
    await user.type(screen.getByTestId("connect-token"), "glpat-1");
    await user.click(screen.getByTestId("connect-test"));
    await waitFor(() => expect(asked, "the first pair").toHaveLength(1));
    await user.type(url, ".org");
    expect(screen.getByTestId("connect-test"), "it can be tested").not.toHaveAttribute("aria-busy", "true");
    answer();
    await user.click(screen.getByTestId("connect-test"));
    await waitFor(() => expect(asked.at(-1), "the second pair").toBe("https://gitlab.acme.example.org"));
    expect(url, "nothing jumped back").toHaveValue("https://gitlab.acme.example.org");
    expect(screen.queryByTestId("connect-checks"), "no checks of the first pair").toBeNull();
    answer();
    expect(await screen.findByTestId("connect-checks"), "but of the second").toBeVisible();
  });

  it("lets nothing be typed while it connects", async () => {
    const { mock, user } = await openWindow({ connected: false });
    const check = mock.backend.commands.checkConnection;
    let answer = () => {};
    mock.backend.commands.checkConnection = async (input) => {
      await new Promise<void>((done) => (answer = done));
      return check(input);
    };
    const token = await screen.findByTestId("connect-token");
    await user.type(screen.getByTestId("connect-url"), "https://gitlab.acme.example");
    await user.type(token, "glpat-1{Enter}");
    await waitFor(() => expect(token, "it connects with this one").toHaveAttribute("readonly"));
    await user.type(token, "2");
    answer();
    expect(await screen.findByRole("tree"), "it is connected").toBeVisible();
    const made = mock.calls.find(({ name }) => name === "connect");
    expect(made?.args[0], "with what stands in the form").toMatchObject({ token: "glpat-1" });
  });

  it("shows the typed token only when asked to", async () => {
    const { user } = await openWindow({ connected: false });
    const token = await screen.findByTestId("connect-token");
    await user.type(token, "glpat-1");
    expect(token, "hidden at first").toHaveAttribute("type", "password");
    await user.click(screen.getByRole("button", { name: "Show what was typed" }));
    expect(token, "shown now").toHaveAttribute("type", "text");
  });

  it("connects, starts the first sync and shows the tree", async () => {
    const { mock, user } = await openWindow({ connected: false });
    await user.type(await screen.findByTestId("connect-url"), "https://gitlab.acme.example");
    await user.type(screen.getByTestId("connect-token"), "glpat-1");
    await user.click(screen.getByTestId("connect-submit"));
    expect(await screen.findByRole("tree"), "the view is open").toBeVisible();
    expect(
      mock.calls.map(({ name }) => name),
      "it reads what is there",
    ).toContain("startSync");
  });

  it("stays where it was after a connection is renamed", async () => {
    const { user } = await openWindow({ at: "acme/platform" });
    await user.click(await screen.findByTestId("connection-switch"));
    await user.click(await screen.findByTestId("manage-connection"));
    const name = await screen.findByTestId("connection-name");
    await user.clear(name);
    await user.type(name, "Acme{Enter}");
    expect(await screen.findByText("Connection Acme"), "renamed").toBeVisible();
    expect(name, "the field is the same").toHaveFocus();
    await user.clear(name);
    await user.type(name, "Acme 2");
    await user.click(screen.getByTestId("connection-rename"));
    expect(await screen.findByText("Connection Acme 2"), "again").toBeVisible();
    expect(screen.getByTestId("connection-rename"), "the button still can be focused").toHaveFocus();
  });

  it("says what removing a connection takes away, and asks first", async () => {
    const { mock, user } = await openWindow({ at: "acme/platform" });
    await user.click(await screen.findByTestId("connection-switch"));
    await user.click(await screen.findByTestId("manage-connection"));
    await user.click(await screen.findByTestId("connection-remove"));
    const dialog = await screen.findByTestId("remove-connection-dialog");
    expect(dialog, "token, drafts and copy are named").toHaveTextContent(/keychain.*drafts.*local copy/s);
    expect(
      mock.calls.some(({ name }) => name === "removeConnection"),
      "nothing removed yet",
    ).toBe(false);
    await user.click(within(dialog).getByTestId("confirm-remove-connection"));
    expect(await screen.findByTestId("connect-url"), "back at the start").toBeVisible();
  });
});
