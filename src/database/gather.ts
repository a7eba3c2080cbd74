import { Cancellation, cancelled, presentWork } from './cancellation.ts';
import { type Connection, poolOf, SqlTransaction } from './sql.ts';

interface GatherOptions {
  /** Items at the most that are done together. */
  most?: number;
  /** How long others wait for work that is under way. */
  patienceMs?: number;
}

interface Waiting<Item, Result> {
  item: Item;
  /** On whose behalf; what was given up before it was begun is left out. */
  cancellation: Cancellation | undefined;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Does together what is asked for at about the same time, as a database commits: while a piece of work is under way, what
 * comes gathers for the next one, `most` items at the most. What comes alone does not wait; nor does anything for work that
 * takes longer than `patienceMs`. Results are in the order of the items. All work begins after it was asked for: what it
 * reads is as new as if it was read for one item alone. It is given up once all who asked for it have given up.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most = 1_000, patienceMs = 50 }: GatherOptions = {},
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;
  let isAboutToBegin = false;

  const takeNext = () => {
    const taken = waiting.slice(0, most);
    waiting = waiting.slice(most);
    for (const { cancellation, reject } of taken) if (cancellation?.isCancelled) reject(cancelled);
    return taken.filter(({ cancellation }) => !cancellation?.isCancelled);
  };
  const beginNext = () => {
    isAboutToBegin = false;
    while (!isBusy && waiting.length > 0) {
      const taken = takeNext();
      if (taken.length > 0) begin(taken);
    }
  };
  const begin = (taken: readonly Waiting<Item, Result>[]) => {
    isBusy = true;
    let isAwaited = true;
    const goOn = () => {
      clearTimeout(patience);
      if (!isAwaited) return;
      isAwaited = false;
      isBusy = false;
      beginNext();
    };
    const patience = setTimeout(goOn, patienceMs);
    cancellationOf(taken)
      .run(() => work(taken.map(({ item }) => item)))
      .then(
        (results) => taken.forEach(({ resolve }, index) => void resolve(results[index] as Result)),
        (error: unknown) => taken.forEach(({ reject }) => void reject(error)),
      )
      .then(goOn);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, cancellation: presentWork(), resolve, reject });
      if (isBusy || isAboutToBegin) return;
      // With what is asked for in the same breath.
      isAboutToBegin = true;
      queueMicrotask(beginNext);
    });
}

/** Cancelled once the work of each of these is. */
function cancellationOf(all: readonly { cancellation: Cancellation | undefined }[]): Cancellation {
  const whole = new Cancellation();
  let left = all.length;
  for (const { cancellation } of all) {
    cancellation?.onCancel(() => {
      left -= 1;
      if (left === 0) whole.cancel();
    });
  }
  return whole;
}

/**
 * Gathers for each database what is asked of it outside of transactions. Within one it is done at once: that has its
 * connection, and what it sees is its own.
 */
export function gatherFor<Item, Result>(
  work: (connection: Connection, items: readonly Item[]) => Promise<readonly Result[]>,
  options?: GatherOptions,
): (connection: Connection, items: readonly Item[]) => Promise<readonly Result[]> {
  const gatherings = new WeakMap<Connection, (item: Item) => Promise<Result>>();
  return (connection, items) => {
    if (connection instanceof SqlTransaction || !poolOf(connection)) return work(connection, items);
    const known = gatherings.get(connection);
    const gathering = known ?? gather((gathered: readonly Item[]) => work(connection, gathered), options);
    if (!known) gatherings.set(connection, gathering);
    return Promise.all(items.map(gathering));
  };
}
