import { useEffect, useRef, useState } from "react";

const EVERY = 5000;

/** Says to a screen reader what changes all the time, at most every five seconds. */
export function Announced({ text }: { text: string }) {
  const [said, setSaid] = useState(text);
  const latest = useRef(text);
  useEffect(() => {
    latest.current = text;
  }, [text]);
  // Waiting for the text to rest would say nothing as long as it changes.
  useEffect(() => {
    const timer = setInterval(() => setSaid(latest.current), EVERY);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="status" className="sr-only">
      {said}
    </span>
  );
}
