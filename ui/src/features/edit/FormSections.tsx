import { useState } from "react";
import type { DraftCheck, EditForm, FormSection } from "../../ipc/types";
import { m } from "../../messages/en";
import styles from "./Edit.module.css";
import { EventRows } from "./EventRows";
import { FieldRow } from "./FieldRow";
import { before, isShown, type FormMove, type FormState } from "./formState";

interface FormSectionsProps {
  form: EditForm;
  state: FormState;
  move: (move: FormMove) => void;
  check: DraftCheck | null;
  disabled: boolean;
}

/** The controls, in the order of GitLab's form, each with its default beside it. */
export function FormSections({ form, state, move, check, disabled }: FormSectionsProps) {
  // The form is asked for again each time the draft is kept, and brings that draft.
  const [begun] = useState(form.draft);
  return (
    <div className={styles.scroll} data-pane-focus="" tabIndex={-1}>
      <fieldset disabled={disabled} className={styles.fields}>
        {form.sections.map((section) => {
          const channels = new Set(section.events.map((event) => event.channel));
          const fields = section.fields.filter(
            (field) => !channels.has(field.name) && isShown(field, state.draft),
          );
          if (fields.length + section.events.length === 0) return null;
          return (
            <section key={section.kind} aria-label={section.title || m.compare.sections[section.kind]}>
              <SectionHead section={section} check={check} />
              {section.events.length > 0 && (
                <EventRows section={section} state={state} move={move} check={check} begun={begun} />
              )}
              {fields.map((field) => (
                <FieldRow
                  key={field.name}
                  field={field}
                  state={state}
                  move={move}
                  check={check}
                  initial={before(field, begun)}
                />
              ))}
            </section>
          );
        })}
      </fieldset>
    </div>
  );
}

function SectionHead({ section, check }: { section: FormSection; check: DraftCheck | null }) {
  const names = new Set([
    ...section.fields.map((field) => field.name),
    ...section.events.map((event) => event.name),
  ]);
  const problems = check?.problems.filter((problem) => names.has(problem.field)) ?? [];
  const toFill = problems.filter((problem) => problem.missing).length;
  const toFix = problems.length - toFill;
  return (
    <h2 className={styles.sectionHead}>
      {section.title || m.compare.sections[section.kind]}
      {toFill > 0 && <span className={styles.toFill}>{m.edit.toFill(toFill)}</span>}
      {toFix > 0 && <span className={styles.toFix}>{m.edit.toFix(toFix)}</span>}
    </h2>
  );
}

/** The id of a field's control. */
export const controlId = (name: string) => `setting-${name}`;

/** Goes to a field's control. */
export function focusField(name: string): void {
  const control = document.getElementById(controlId(name));
  const target = control?.matches("input, textarea, button")
    ? control
    : control?.querySelector<HTMLElement>("input, button");
  target?.focus();
  target?.scrollIntoView({ block: "center" });
}
