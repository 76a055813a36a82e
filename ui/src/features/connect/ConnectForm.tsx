import { Check, ChevronDown, ChevronRight, ExternalLink, RefreshCw } from "lucide-react";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useId, useRef, useState, type ReactNode } from "react";
import { Button } from "../../components/Button";
import { cx } from "../../components/cx";
import { FieldError } from "../../components/FieldError";
import input from "../../components/Input.module.css";
import { SecretInput } from "../../components/SecretInput";
import { Select } from "../../components/Select";
import { app } from "../../ipc/backend";
import type { Safety } from "../../ipc/types";
import { m } from "../../messages/en";
import { CaField } from "./CaField";
import { Checks } from "./Checks";
import styles from "./Connect.module.css";
import type { ConnectForm } from "./useConnect";

/** Address, token, name, how much asking; then what was found. */
export function ConnectFormView({ form }: { form: ConnectForm }) {
  const { input: typed, set, errors, report, error } = form;
  const t = m.connect;
  const id = useId();
  const url = useRef<HTMLInputElement>(null);
  useEffect(() => url.current?.focus(), []);
  const tokenPage = useMutation({
    mutationFn: () => app.openTokenPage(typed.url.trim()),
    meta: { failure: m.failed.open },
  });
  const busy = form.checking || form.connecting;
  const good = (kind: "server" | "token") =>
    report?.checks.some((check) => check.kind === kind && check.status === "ok") === true;

  return (
    <form
      className={styles.form}
      noValidate
      aria-labelledby={`${id}-title`}
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) form.connect();
      }}
    >
      <h1 id={`${id}-title`}>{t.title}</h1>
      <p className={styles.lead}>{t.lead}</p>

      <Labelled label={t.url} id={`${id}-url`} error={errors.url} testid="connect-url-error">
        <span className={input.holder}>
          <input
            ref={url}
            id={`${id}-url`}
            type="url"
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            className={cx(input.input, styles.big, input.withButton)}
            placeholder={t.urlPlaceholder}
            value={typed.url}
            readOnly={form.connecting}
            onChange={(event) => set("url", event.target.value)}
            aria-invalid={errors.url !== undefined || undefined}
            aria-describedby={errors.url === undefined ? undefined : `${id}-url-error`}
            data-testid="connect-url"
          />
          {good("server") && <Check size={16} strokeWidth={2} className={styles.good} aria-hidden="true" />}
        </span>
      </Labelled>

      <Labelled label={t.token} id={`${id}-token`} error={errors.token} testid="connect-token-error">
        <SecretInput
          id={`${id}-token`}
          className={styles.bigHolder}
          value={typed.token}
          readOnly={form.connecting}
          onChange={(value) => set("token", value)}
          aria-invalid={errors.token !== undefined || undefined}
          aria-describedby={cx(`${id}-token-help`, errors.token !== undefined && `${id}-token-error`)}
          data-testid="connect-token"
        />
        <p id={`${id}-token-help`} className={styles.help}>
          <code>{t.tokenHelp.read}</code>
          {t.tokenHelp.toLook}
          <code>{t.tokenHelp.api}</code>
          {t.tokenHelp.toChange}{" "}
          {typed.url.trim() !== "" && (
            <button type="button" className={cx("link", styles.out)} onClick={() => tokenPage.mutate()}>
              {t.makeToken} <ExternalLink size={13} strokeWidth={2} aria-hidden="true" />
            </button>
          )}
        </p>
      </Labelled>

      <div className={styles.pair}>
        <Labelled label={t.name} id={`${id}-name`}>
          <input
            id={`${id}-name`}
            className={cx(input.input, styles.big)}
            autoComplete="off"
            placeholder={t.namePlaceholder}
            value={typed.name}
            readOnly={form.connecting}
            onChange={(event) => set("name", event.target.value)}
            data-testid="connect-name"
          />
        </Labelled>
        <Labelled label={t.safety} id={`${id}-safety`}>
          <div className={styles.bigSelect}>
            <Select
              id={`${id}-safety`}
              label={t.safety}
              value={typed.safety}
              options={safetyOptions}
              disabled={form.connecting}
              onChange={(value) => set("safety", value)}
              data-testid="connect-safety"
            />
          </div>
        </Labelled>
      </div>

      <More open={errors.ca_pem !== undefined || errors.allow_plain_http !== undefined}>
        <CaField
          value={typed.ca_pem}
          readOnly={form.connecting}
          onChange={(value) => set("ca_pem", value)}
          error={errors.ca_pem}
        />
        <label className={styles.consent}>
          <input
            type="checkbox"
            checked={typed.allow_plain_http}
            disabled={form.connecting}
            onChange={(event) => set("allow_plain_http", event.target.checked)}
            aria-describedby={`${id}-http-help`}
            data-testid="connect-plain-http"
          />
          <span>
            {t.plainHttp}
            <small id={`${id}-http-help`}>{t.plainHttpHelp}</small>
          </span>
        </label>
        <FieldError id={`${id}-http-error`} message={errors.allow_plain_http} />
      </More>

      <Checks report={report} busy={busy} url={typed.url} />
      {error && (
        <div role="alert" className={styles.failed} data-testid="connect-error">
          <strong>{t.failed}</strong>
          <p>
            {error.message} {error.hint}
          </p>
        </div>
      )}

      <div className={styles.acts}>
        <Button
          type="submit"
          variant="primary"
          busy={form.connecting}
          keys={["Enter"]}
          disabled={form.checking || report?.can_connect === false}
          data-testid="connect-submit"
        >
          {t.connect}
        </Button>
        <Button
          icon={<RefreshCw size={14} strokeWidth={2} />}
          busy={form.checking}
          disabled={form.connecting}
          onClick={form.test}
          data-testid="connect-test"
        >
          {report ? t.testAgain : t.test}
        </Button>
        {report?.cost && (
          <span className={styles.cost} data-testid="connect-cost">
            {report.scopes === null
              ? t.costOnly(report.cost.requests, report.cost.seconds_from, report.cost.seconds_to)
              : t.cost(report.scopes, report.cost.seconds_from, report.cost.seconds_to)}
          </span>
        )}
      </div>
    </form>
  );
}

/** The three safety levels, each with what it means. */
export const safetyOptions = (["confirm_large", "confirm_each", "read_only"] as Safety[]).map((value) => ({
  value,
  label: m.shell.safety[value],
  note: m.shell.safetyNotes[value],
}));

interface LabelledProps {
  label: string;
  id: string;
  error?: string | undefined;
  testid?: string;
  children: ReactNode;
}

function Labelled({ label, id, error, testid, children }: LabelledProps) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      <FieldError id={`${id}-error`} message={error} testid={testid} />
    </div>
  );
}

function More({ open: wanted, children }: { open: boolean; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const shown = open || wanted;
  return (
    <div className={styles.more}>
      <button
        type="button"
        className={styles.disclosure}
        aria-expanded={shown}
        onClick={() => setOpen(!shown)}
        data-testid="connect-more"
      >
        {shown ? <ChevronDown size={14} strokeWidth={2} /> : <ChevronRight size={14} strokeWidth={2} />}
        {m.connect.disclosure}
      </button>
      {shown && children}
    </div>
  );
}
