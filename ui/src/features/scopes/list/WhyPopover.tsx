import type { ReactElement } from "react";
import { Popover } from "../../../components/Popover";
import { StateChip } from "../../../components/StateChip";
import type { IntegrationItem, Level, ScopeName } from "../../../ipc/types";
import { m } from "../../../messages/en";
import { knownSource } from "../../../logic/source";
import { useNow } from "../../../logic/time";
import styles from "./WhyPopover.module.css";

interface WhyPopoverProps {
  item: IntegrationItem;
  level: Level;
  trigger: ReactElement;
  notAButton?: boolean;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  onOpenDefault: (source: ScopeName) => void;
  onReadAgain: (() => void) | null;
}

/** Why a chip says so: from where, read when; with the way to the default. */
export function WhyPopover({ item, level, trigger, onOpenDefault, onReadAgain, ...state }: WhyPopoverProps) {
  const now = useNow();
  const source = knownSource(item.source);
  return (
    <Popover trigger={trigger} label={m.integrations.why.title(m.states[item.state])} align="end" {...state}>
      <div className={styles.body}>
        <div className={styles.head}>
          <StateChip state={item.state} setsDefault={item.sets_default} />
          <strong>{item.title}</strong>
        </div>
        {m.integrations.why.known(item, level, now).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      {(source !== null || onReadAgain !== null) && (
        <div className={styles.foot}>
          {source && (
            <button type="button" className="link" onClick={() => onOpenDefault(source)}>
              {m.acts.openDefault}
            </button>
          )}
          {onReadAgain && (
            <button type="button" className="link" onClick={onReadAgain}>
              {m.acts.readAgain}
            </button>
          )}
        </div>
      )}
    </Popover>
  );
}
