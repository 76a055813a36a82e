import { Download } from "lucide-react";
import { ChoiceAct, ChoiceHeading, ChoiceMenu } from "../../components/ChoiceMenu";
import { Spinner } from "../../components/Spinner";
import { m } from "../../messages/en";

interface ExportMenuProps<F extends string> {
  formats: readonly (readonly [format: F, label: string])[];
  busy: boolean;
  onExport: (format: F) => void;
}

/** A button that offers what is shown as a file. */
export function ExportMenu<F extends string>({ formats, busy, onExport }: ExportMenuProps<F>) {
  return (
    <ChoiceMenu
      icon={busy ? <Spinner size={14} /> : <Download size={14} strokeWidth={2} aria-hidden="true" />}
      label={m.exporting.button}
      align="end"
      data-testid="export"
    >
      <ChoiceHeading>{m.exporting.heading}</ChoiceHeading>
      {formats.map(([format, label]) => (
        <ChoiceAct key={format} closes onClick={() => onExport(format)}>
          {label}
        </ChoiceAct>
      ))}
    </ChoiceMenu>
  );
}

/** What the local copy can be written as. */
export const copyFormats = [
  ["csv", m.exporting.csv],
  ["json", m.exporting.json],
  ["html", m.exporting.html],
] as const;

/** What changes can be written as. */
export const driftFormats = [
  ["csv", m.exporting.csv],
  ["json", m.exporting.json],
] as const;
