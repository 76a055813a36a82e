import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { Button } from "../../components/Button";
import type { TextFile } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Edit.module.css";
import type { FormMove } from "./formState";

interface FileButtonProps {
  field: string;
  file: TextFile;
  move: (move: FormMove) => void;
}

/** More than any key needs: a wrong choice is noticed before it is read. */
const MOST = 64 * 1024;

/** Reads a key from its file into memory, and its name into the setting that keeps it. */
export function FileButton({ field, file, move }: FileButtonProps) {
  const picker = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  async function take(chosen: File) {
    if (chosen.size > MOST) {
      setSaid(m.edit.file.tooLarge);
      return;
    }
    move({ kind: "secret", name: field, value: await chosen.text() });
    move({ kind: "field", name: file.name_field, value: { kind: "text", value: chosen.name } });
    setSaid(m.edit.file.chosen(chosen.name));
  }
  return (
    <span className={styles.file}>
      <input
        ref={picker}
        type="file"
        accept={file.extension}
        hidden
        aria-hidden="true"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          event.target.value = "";
          if (chosen) void take(chosen);
        }}
        data-testid={`edit-file-${field}`}
      />
      <Button
        icon={<FileUp size={14} strokeWidth={2} />}
        onClick={() => picker.current?.click()}
        data-testid={`choose-file-${field}`}
      >
        {m.edit.file.choose}
      </Button>
      <span role="status" className={styles.help}>
        {said}
      </span>
    </span>
  );
}
