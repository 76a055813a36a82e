import { describe, expect, it } from "vitest";
import type { Connection } from "../ipc/types";
import { showCommand } from "./shell";

describe("a command to paste", () => {
  it("keeps every name one word, whatever a server calls it", () => {
    const connection = { name: "Acme's; rm -rf ~" } as Connection;
    expect(showCommand(connection, "acme/$(reboot)", "jira")).toBe(
      "heirloomctl show 'acme/$(reboot)' jira --instance 'Acme'\\''s; rm -rf ~'",
    );
  });
});
