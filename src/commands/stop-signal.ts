/** How long, in ms, a further signal counts as a duplicate: the terminal and npm both pass on one Ctrl-C. */
const duplicateMs = 1_000;

/**
 * How long, in ms, after the first signal the process exits at the latest, even where something blocks the shutdown, such as a
 * frozen database.
 */
const stopWithinMs = 9_500;

/** Aborted at the first signal to stop, with the signal's name as its reason. A second signal exits the process at once. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  const onSignal = (name: NodeJS.Signals) => {
    if (performance.now() - since > duplicateMs) process.exit(1);
    if (controller.signal.aborted) return;
    since = performance.now();
    setTimeout(() => process.exit(), stopWithinMs).unref();
    controller.abort(name);
  };
  // A closing terminal sends SIGHUP. Unhandled, it would leave PostgreSQL running.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}

/** Resolves once the signal is aborted; at once where it is already. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
