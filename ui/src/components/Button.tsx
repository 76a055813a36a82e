import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";
import styles from "./Button.module.css";
import { Kbd } from "./Kbd";
import { Spinner } from "./Spinner";

type Variant = "primary" | "secondary" | "quiet" | "danger";

interface ButtonProps extends ComponentProps<"button"> {
  variant?: Variant;
  small?: boolean;
  icon?: ReactNode;
  /** Keys shown on the button; they act elsewhere. */
  keys?: string[] | undefined;
  busy?: boolean;
  "data-testid"?: string;
}

/** A button with a word on it. `busy` shows that it is at work and ignores presses. */
export function Button(props: ButtonProps) {
  const { variant = "secondary", small, icon, keys, busy, className, children, onClick, ...rest } = props;
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy}
      aria-disabled={busy === true || rest["aria-disabled"] === true ? true : undefined}
      onClick={busy === true ? undefined : onClick}
      className={cx(styles.button, styles[variant], small && styles.small, className)}
    >
      {busy ? <Spinner /> : icon}
      <span>{children}</span>
      {keys && <Kbd keys={keys} />}
    </button>
  );
}

interface IconButtonProps extends ComponentProps<"button"> {
  label: string;
  "data-testid"?: string;
}

/** A button with an icon alone; its label is its name and its tooltip. */
export function IconButton({ label, className, children, ...rest }: IconButtonProps) {
  return (
    <button type="button" aria-label={label} title={label} {...rest} className={cx(styles.icon, className)}>
      {children}
    </button>
  );
}
