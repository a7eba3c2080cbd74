import { type Cancellation, cancelled, ofNobody, presentWork } from './cancellation.ts';

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
 * takes longer than `patienceMs`. Results are in the order of the items. Work that was begun is for all of its items, and
 * ends with none of them.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most = 50, patienceMs = 50 } = {},
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let isBusy = false;

  const takeNext = () => {
    const taken = waiting.slice(0, most);
    waiting = waiting.slice(most);
    for (const { cancellation, reject } of taken) if (cancellation?.isCancelled) reject(cancelled);
    return taken.filter(({ cancellation }) => !cancellation?.isCancelled);
  };
  const beginNext = () => {
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
    work(taken.map(({ item }) => item))
      .then(
        (results) => taken.forEach(({ resolve }, index) => void resolve(results[index] as Result)),
        (error: unknown) => taken.forEach(({ reject }) => void reject(error)),
      )
      .then(goOn);
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, cancellation: presentWork(), resolve, reject });
      if (!isBusy) ofNobody(beginNext);
    });
}
