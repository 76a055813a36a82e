import { useMutation } from "@tanstack/react-query";
import { Database, KeyRound, Play, WifiOff } from "lucide-react";
import { useHotkeys } from "../../app/hotkeys";
import { Button } from "../../components/Button";
import { LevelIcon } from "../../components/icons";
import { StateGlyph } from "../../components/StateGlyph";
import { app } from "../../ipc/backend";
import { m } from "../../messages/en";
import styles from "./Connect.module.css";
import { useOpened } from "./useConnect";

const small = { size: 14, strokeWidth: 2, "aria-hidden": true } as const;

/** The demo company, and what stays where. */
export function DemoPanel() {
  const opened = useOpened();
  const demo = useMutation({
    mutationFn: () => app.startDemo(),
    meta: { failure: m.failed.demo },
    onSuccess: opened,
  });
  const start = () => !demo.isPending && demo.mutate();
  useHotkeys({ "Ctrl+D": start });
  const t = m.connect;
  return (
    <aside className={styles.demo}>
      <h2>{t.demo.title}</h2>
      <p>{t.demo.text}</p>
      <Sample />
      <Button
        className={styles.wide}
        icon={<Play {...small} />}
        keys={["Ctrl", "D"]}
        busy={demo.isPending}
        onClick={start}
        data-testid="start-demo"
      >
        {demo.isPending ? t.demo.starting : t.demo.button}
      </Button>
      <h2 className={styles.stays}>{t.stays.title}</h2>
      <ul className={styles.list}>
        <li>
          <KeyRound {...small} /> {t.stays.keychain}
        </li>
        <li>
          <Database {...small} /> {t.stays.file}
        </li>
        <li>
          <WifiOff {...small} /> {t.stays.telemetry}
        </li>
      </ul>
    </aside>
  );
}

/** A picture of a tree, so that one sees what is meant. */
function Sample() {
  const { label, host, rows, notReadable } = m.connect.demo.sample;
  const [platform, payments, cart, mobile, security] = rows;
  return (
    <div className={styles.sample} role="img" aria-label={label}>
      <div>
        <LevelIcon level="instance" /> {host}
      </div>
      <div style={{ paddingLeft: 16 }}>
        <LevelIcon level="group" open /> {platform} <StateGlyph of="sets_default" />
      </div>
      <div style={{ paddingLeft: 32 }}>
        <LevelIcon level="project" /> {payments} <span className={styles.space} />
        <StateGlyph of="custom" />
      </div>
      <div style={{ paddingLeft: 32 }}>
        <LevelIcon level="project" /> {cart} <span className={styles.space} />
        <StateGlyph of="inherited" />
      </div>
      <div style={{ paddingLeft: 16 }}>
        <LevelIcon level="group" /> {mobile}
      </div>
      <div style={{ paddingLeft: 16 }}>
        <LevelIcon level="group" /> {security} <span className={styles.space} />
        <span className={styles.quiet}>
          <StateGlyph of="unknown" /> {notReadable}
        </span>
      </div>
    </div>
  );
}
