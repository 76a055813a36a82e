import { CircleX } from "lucide-react";
import styles from "./FieldError.module.css";

/** What is wrong with a field, under it. */
export function FieldError({
  id,
  message,
  testid,
}: {
  id: string;
  message: string | undefined;
  testid?: string | undefined;
}) {
  if (message === undefined) return null;
  return (
    <p id={id} role="alert" className={styles.error} data-testid={testid}>
      <CircleX size={14} strokeWidth={2} aria-hidden="true" />
      <span>{message}</span>
    </p>
  );
}
