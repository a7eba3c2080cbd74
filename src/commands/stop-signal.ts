/** How long after a request to stop another one is taken for the same: the terminal and npm both pass on one Ctrl-C. */
const echoMs = 1_000;

/** How long after a request to stop the process ends at the latest, whatever holds it: a database that is frozen, say. */
const stopWithinMs = 9_500;

/**
 * Is aborted at the first request to stop, for the reason of the signal's name. Another one, later, is meant: it ends the
 * process at once.
 */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let since = Number.POSITIVE_INFINITY;
  const onSignal = (name: NodeJS.Signals) => {
    if (performance.now() - since > echoMs) process.exit(1);
    if (controller.signal.aborted) return;
    since = performance.now();
    setTimeout(() => process.exit(), stopWithinMs).unref();
    controller.abort(name);
  };
  // A closed terminal hangs up, and would leave PostgreSQL behind.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return controller.signal;
}

/** Resolves when the signal is aborted, also where it was before. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
