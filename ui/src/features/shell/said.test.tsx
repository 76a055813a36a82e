import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import type { Connection, SyncStatus } from "../../ipc/types";
import { BannerBar } from "./BannerBar";

const clock = vi.hoisted(() => ({ now: Date.parse("2026-03-24T14:32:00Z") }));
vi.mock("../../logic/time", () => ({ useNow: () => clock.now }));

const HOUR = 3_600_000;
const last = { finished_at: "2026-03-23T12:00:00Z", complete: true, failed: 0, seconds: 2, requests: 9 };
const connection = { id: 1, token: "stored", reach: { state: "online" }, synced: last } as Connection;
const idle = { phase: "idle", failed: [], all_failed_known: true, stopped: null, last, half: null };

function Shown({ stopped }: { stopped: string | null }) {
  const nothing = () => undefined;
  return (
    <QueryClientProvider client={new QueryClient()}>
      <BannerBar
        connection={connection}
        status={{ ...idle, stopped } as unknown as SyncStatus}
        onManage={nothing}
        onSync={nothing}
        onCancel={nothing}
      />
    </QueryClientProvider>
  );
}

it("announces a banner when it comes, not as the age in it moves", () => {
  const { rerender } = render(<Shown stopped={null} />);
  const shown = screen.getByTestId("banner-stale").textContent;
  const said = screen.getByTestId("banner-said").textContent;
  expect(said, "what is shown is said").toContain("Last read");
  clock.now += 48 * HOUR;
  rerender(<Shown stopped={null} />);
  expect(screen.getByTestId("banner-stale").textContent, "its age moved").not.toBe(shown);
  expect(screen.getByTestId("banner-said").textContent, "nothing new is said").toBe(said);
  rerender(<Shown stopped="The disk is full." />);
  expect(screen.getByTestId("banner-said"), "another banner is").toHaveTextContent("The disk is full.");
});
