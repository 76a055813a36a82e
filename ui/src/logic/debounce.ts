import { useEffect, useState } from "react";

/** A value that follows another once that one has rested; emptying is followed at once. */
export function useDebounced(value: string, ms: number): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return value === "" ? "" : rested;
}
