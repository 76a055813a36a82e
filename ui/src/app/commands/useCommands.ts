import { useEffect, useRef } from "react";
import { useHotkeys } from "../hotkeys";
import { catalog, hotkeyOf, type CommandEntry, type CommandId } from "./catalog";

type Acts = Partial<Record<CommandId, (() => void) | null | false | undefined>>;

interface Offer {
  acts: Acts;
  on: string | null;
}

/** A command as it can be run now. */
export interface Command extends CommandEntry {
  id: CommandId;
  run: () => void;
  /** What it would be done to. */
  on: string | null;
}

const offers = new Set<{ current: Offer }>();
const entries = new Map(catalog);

/**
 * Offers commands while the component is shown: by their keys, and by name in the palette. `on`
 * names what they are done to; then they come before those of the whole window.
 */
export function useCommands(acts: Acts, on: string | null = null): void {
  useHotkeys(
    Object.fromEntries(
      Object.entries(acts).flatMap(([id, act]) => {
        const entry = entries.get(id as CommandId);
        const key = entry && hotkeyOf(entry);
        return key ? [[key, act]] : [];
      }),
    ),
  );
  const offer = useRef<Offer>({ acts, on });
  useEffect(() => {
    offer.current = { acts, on };
  });
  useEffect(() => {
    offers.add(offer);
    return () => void offers.delete(offer);
  }, []);
}

/** What may be done now, what is nearest first. */
export function commandsNow(): Command[] {
  const near = [...offers]
    .map((offer) => offer.current)
    .toSorted((a, b) => Number(b.on !== null) - Number(a.on !== null));
  return catalog
    .flatMap(([id, entry]): Command[] => {
      for (const { acts, on } of near) {
        const run = acts[id];
        if (run) return [{ ...entry, id, run, on }];
      }
      return [];
    })
    .toSorted((a, b) => Number(b.on !== null) - Number(a.on !== null));
}
