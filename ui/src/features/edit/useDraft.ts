import { useEffect, useEffectEvent, useReducer, useRef, useState } from "react";
import { useBeforeClose } from "../../app/beforeClose";
import { app } from "../../ipc/backend";
import { CommandError, toCommandError } from "../../ipc/errors";
import type { DraftCheck, EditForm, IntegrationRef } from "../../ipc/types";
import { m } from "../../messages/en";
import { toastFailed } from "../../app/toasts";
import { begin, reduce, typedSecrets, type FormMove, type FormState } from "./formState";

const CHECK_AFTER = 120;
const KEEP_AFTER = 700;

export interface DraftInForm {
  state: FormState;
  move: (move: FormMove) => void;
  check: DraftCheck | null;
  checkError: CommandError | null;
  keptAt: string | null;
  /** Checks at once what was typed. */
  checkNow: () => Promise<DraftCheck>;
  /** Keeps at once what was typed. */
  keep: () => Promise<void>;
  discard: () => Promise<void>;
}

/** The draft of a form: checked on every pause, kept on longer ones and on leaving. */
export function useDraft(at: IntegrationRef, form: EditForm): DraftInForm {
  const [state, move] = useReducer(reduce, form, begin);
  const [check, setCheck] = useState<DraftCheck | null>(null);
  const [checkError, setCheckError] = useState<CommandError | null>(null);
  const [keptAt, setKeptAt] = useState(form.kept_at);
  const { draft, dirty } = state;
  const typed = typedSecrets(state).join(" ");

  const latest = useRef(0);
  const ask = useEffectEvent(async () => {
    const turn = ++latest.current;
    try {
      const answer = await app.checkDraft(at, draft, typedSecrets(state));
      if (turn !== latest.current) return;
      setCheck(answer);
      setCheckError(null);
    } catch (thrown) {
      if (turn === latest.current) setCheckError(toCommandError(thrown));
    }
  });
  const first = useRef(true);
  useEffect(() => {
    const wait = first.current ? 0 : CHECK_AFTER;
    first.current = false;
    const timer = setTimeout(() => void ask(), wait);
    return () => clearTimeout(timer);
  }, [draft, typed, form]);

  // One after the other: a write that was overtaken would put back what was typed before, or a draft
  // that was discarded.
  const writes = useRef<Promise<unknown>>(Promise.resolve());
  const inTurn = <T>(write: () => Promise<T>): Promise<T> => {
    const turn = writes.current.then(write, write);
    writes.current = turn;
    return turn;
  };
  const keepTyped = async () => {
    if (!dirty) return;
    setKeptAt(await inTurn(() => app.keepDraft(at, draft)));
    move({ kind: "kept", draft });
  };
  const keepNow = useEffectEvent(keepTyped);
  // The window waits for this before it closes; nothing is unmounted then.
  useBeforeClose(keepTyped);
  const complain = (thrown: unknown) => toastFailed(m.failed.draft, thrown);
  useEffect(() => {
    if (!dirty) return;
    const timer = setTimeout(() => void keepNow().catch(complain), KEEP_AFTER);
    return () => clearTimeout(timer);
  }, [draft, dirty]);

  // Leaving before the pause is over: what was typed is kept all the same.
  const last = useRef({ dirty, draft, at });
  useEffect(() => {
    last.current = { dirty, draft, at };
  });
  useEffect(
    () => () => {
      // The latest, not the one at the start: that is the point.
      const left = last.current;
      if (!left.dirty) return;
      const keep = () => app.keepDraft(left.at, left.draft);
      writes.current.then(keep, keep).catch(complain);
    },
    [],
  );

  return {
    state,
    move,
    check,
    checkError,
    keptAt,
    checkNow: async () => {
      const turn = ++latest.current;
      const answer = await app.checkDraft(at, draft, typedSecrets(state));
      if (turn === latest.current) {
        setCheck(answer);
        setCheckError(null);
      }
      return answer;
    },
    keep: async () => {
      if (!dirty && keptAt !== null) return;
      setKeptAt(await inTurn(() => app.keepDraft(at, draft)));
      move({ kind: "kept", draft });
      last.current.dirty = false;
    },
    discard: async () => {
      await inTurn(() => app.discardDraft(at));
      last.current.dirty = false;
      move({ kind: "kept", draft });
    },
  };
}
