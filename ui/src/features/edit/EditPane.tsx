import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useCommands } from "../../app/commands/useCommands";
import { useAskBeforeLeaving } from "../../app/navigation";
import { toastDone, toastFailed } from "../../app/toasts";
import { Button, IconButton } from "../../components/Button";
import { cx } from "../../components/cx";
import { Dialog } from "../../components/Dialog";
import { CategoryTile } from "../../components/icons";
import { Ancestors } from "../../components/Path";
import { SplitBar } from "../../components/SplitBar";
import { setPreference, usePreference } from "../../ipc/preferences";
import type { EditForm, IntegrationRef, ScopeRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { placeName } from "../../logic/source";
import type { PlanWish } from "../plan/PlanFlow";
import { DRAFT, useWindowWidth } from "../scopes/layout";
import { DraftPanel } from "./DraftPanel";
import styles from "./Edit.module.css";
import { EditFooter } from "./EditFooter";
import { EnableRow } from "./EnableRow";
import { focusField, FormSections } from "./FormSections";
import { aim, secretInputs, typedSecrets } from "./formState";
import { useDraft } from "./useDraft";

/** The draft panel needs this much window. */
const WITH_PANEL = 1000;

interface EditPaneProps {
  at: IntegrationRef;
  form: EditForm;
  /** Why nothing that writes is offered; `null`: it is. */
  refused: string | null;
  /** `settled`: nothing would be lost that was not spoken of. */
  onLeave: (settled: boolean) => void;
  onOpenScope: (scope: ScopeRef) => void;
  onReview: (wish: PlanWish) => void;
}

export function EditPane({ at, form, refused, onLeave, onOpenScope, onReview }: EditPaneProps) {
  const draft = useDraft(at, form);
  const { state, move, check } = draft;
  useAskBeforeLeaving(typedSecrets(state).length > 0);
  const [discarding, setDiscarding] = useState(false);
  const width = usePreference("draftWidth");
  const wide = useWindowWidth() >= WITH_PANEL;
  const source = form.default_from?.kind === "known" ? form.default_from.from : null;
  const changes = check?.changes.length ?? 0;
  const custom = form.item.inherited === false;
  const untouched = custom && changes === 0 && typedSecrets(state).length === 0;
  const to = aim(state);
  const can = {
    default: true,
    off: form.disable.kind === "offered",
    draft: check !== null && !untouched,
  };
  const ready = refused === null && can[to];

  async function review() {
    if (!ready) return;
    if (to !== "draft") {
      const kind = to === "default" ? "use_default" : "disable";
      onReview({ request: { kind, at }, secrets: [] });
      return;
    }
    try {
      // What is shown may be of the moment before the last key.
      const problem = (await draft.checkNow()).problems[0];
      if (problem) {
        focusField(problem.field);
        return;
      }
      await draft.keep();
      onReview({
        request: { kind: "set_custom", at, secrets: typedSecrets(state) },
        secrets: secretInputs(state),
      });
    } catch (thrown) {
      toastFailed(m.failed.draft, thrown);
    }
  }
  async function discard() {
    try {
      await draft.discard();
      toastDone(m.edit.discarded);
      onLeave(true);
    } catch (thrown) {
      toastFailed(m.failed.act, thrown);
    }
  }
  useCommands({ review: () => void review() }, form.item.title);

  return (
    <>
      <section className={styles.pane} aria-label={form.item.title} data-pane="edit">
        <header className={styles.head}>
          <IconButton label={m.acts.back} onClick={() => onLeave(false)} data-testid="edit-back">
            <ArrowLeft size={16} strokeWidth={1.75} />
          </IconButton>
          <CategoryTile category={form.category} />
          <h1>{form.item.title}</h1>
          {(draft.keptAt !== null || state.dirty) && <span className={styles.draftTag}>{m.edit.draft}</span>}
          <span className={styles.space} />
          <span className={styles.where}>
            <Ancestors of={form.ancestors.slice(1)} onOpen={(scope) => onOpenScope(scope.scope)} />
            {form.ancestors.length > 1 && <span className={styles.slash}>/</span>}
            <bdi title={form.scope.path}>{form.scope.name}</bdi>
          </span>
        </header>
        <div className={styles.choices} role="radiogroup" aria-label={m.edit.choiceLabel}>
          <Choice
            name="default"
            title={m.edit.useDefault}
            note={source ? m.edit.useDefaultFrom(placeName(source)) : m.edit.useDefaultNone}
            checked={state.choice === "default"}
            disabled={!form.can_use_default}
            onChoose={() => move({ kind: "choose", choice: "default" })}
          />
          <Choice
            name="custom"
            title={m.edit.useCustom}
            note={m.edit.useCustomNote(check?.settings ?? countSettings(form), form.scope.scope.level)}
            checked={state.choice === "custom"}
            onChoose={() => move({ kind: "choose", choice: "custom" })}
          />
        </div>
        {state.choice === "custom" && (
          <EnableRow form={form} enabled={state.enabled} onChange={(on) => move({ kind: "enable", on })} />
        )}
        {form.draft_outdated && (
          <p className={styles.outdated} role="status" data-testid="draft-outdated">
            <strong>{m.edit.outdated}</strong> {m.edit.outdatedNext}
          </p>
        )}
        <div className={styles.columns} aria-hidden="true">
          <span>{m.edit.columns.setting}</span>
          <span>{m.levels.this[form.scope.scope.level]}</span>
          <span>{source ? m.edit.columns.default(placeName(source)) : m.edit.columns.noDefault}</span>
        </div>
        <FormSections form={form} state={state} move={move} check={check} disabled={to !== "draft"} />
        <EditFooter
          check={check}
          checkError={draft.checkError}
          to={to}
          refused={refused}
          ready={ready}
          onDiscard={() => (changes > 0 ? setDiscarding(true) : void discard())}
          canDiscard={draft.keptAt !== null || state.dirty}
          onReview={() => void review()}
        />
      </section>
      {wide && (
        <>
          <SplitBar
            label={m.shell.resize.draft}
            value={width}
            {...DRAFT}
            reverse
            onChange={(next) => setPreference("draftWidth", next)}
          />
          <div style={{ width }} className={styles.panelHolder}>
            <DraftPanel
              check={check}
              keptAt={draft.keptAt}
              dirty={state.dirty}
              hasDefault={form.default_from !== null}
              to={to}
              source={source ? placeName(source) : null}
            />
          </div>
        </>
      )}
      <Dialog
        open={discarding}
        onClose={() => setDiscarding(false)}
        title={m.edit.discardTitle}
        lead={m.edit.discardNote(changes)}
        foot={
          <>
            <Button onClick={() => setDiscarding(false)}>{m.acts.cancel}</Button>
            <Button variant="primary" onClick={() => void discard()} data-testid="confirm-discard">
              {m.acts.discardDraft}
            </Button>
          </>
        }
      />
    </>
  );
}

function countSettings(form: EditForm): number {
  return form.sections.reduce((sum, section) => sum + section.fields.length + section.events.length, 0);
}

interface ChoiceProps {
  name: string;
  title: string;
  note: string;
  checked: boolean;
  disabled?: boolean;
  onChoose: () => void;
}

function Choice({ name, title, note, checked, disabled = false, onChoose }: ChoiceProps) {
  return (
    <label className={cx(styles.choice, checked && styles.chosen)} data-disabled={disabled || undefined}>
      <input
        type="radio"
        name="which-settings"
        checked={checked}
        disabled={disabled}
        onChange={onChoose}
        data-testid={`edit-choice-${name}`}
      />
      <span>
        <strong>{title}</strong>
        <small>{note}</small>
      </span>
    </label>
  );
}
