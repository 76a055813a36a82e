/**
 * One question at a time: while one is answered, only the newest of those that came meanwhile is
 * kept. What was overtaken is never asked.
 */
export function newestOnly() {
  let running: Promise<unknown> = Promise.resolve();
  return async <T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> => {
    const before = running;
    const mine = before
      .catch(() => undefined)
      .then(() => {
        signal.throwIfAborted();
        return ask();
      });
    running = mine;
    return mine;
  };
}
