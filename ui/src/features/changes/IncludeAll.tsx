import { useEffect, useRef } from "react";

interface IncludeAllProps {
  label: string;
  /** Steps that are listed. */
  steps: number;
  /** Of those, left out. */
  out: number;
  busy: boolean;
  onChange: (out: boolean) => void;
}

/** A tick for all steps that are listed; between on and off where only some are left out. */
export function IncludeAll({ label, steps, out, busy, onChange }: IncludeAllProps) {
  const box = useRef<HTMLInputElement>(null);
  const some = out > 0 && out < steps;
  useEffect(() => {
    if (box.current) box.current.indeterminate = some;
  }, [some]);
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label={label}
      title={label}
      checked={steps > 0 && out === 0}
      disabled={steps === 0 || busy}
      onChange={() => onChange(out === 0)}
      data-testid="include-all"
    />
  );
}
