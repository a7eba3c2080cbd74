import { type Cancellation, cancelled, ofNobody, presentWork } from './cancellation.ts';

interface Waiting<Item, Result> {
  item: Item;
  /** On whose behalf; what was given up before it was begun is left out. */
  cancellation: Cancellation | undefined;
  resolve: (result: Result) => void;
  reject: (reason: unknown) => void;
}

/**
 * Does together what is asked for at about the same time, as a database commits: while `atOnce` pieces of work are under
 * way, what comes gathers for the next one, of which it is a part, `most` items at the most. What comes alone does not wait.
 * The results are in the order of the items. Work that was begun is for all of its items, and ends with none of them.
 */
export function gather<Item, Result>(
  work: (items: readonly Item[]) => Promise<readonly Result[]>,
  { atOnce = 2, most = 50 } = {},
): (item: Item) => Promise<Result> {
  let waiting: Waiting<Item, Result>[] = [];
  let running = 0;

  const takeNext = () => {
    const taken = waiting.slice(0, most);
    waiting = waiting.slice(most);
    for (const { cancellation, reject } of taken) if (cancellation?.isCancelled) reject(cancelled);
    return taken.filter(({ cancellation }) => !cancellation?.isCancelled);
  };
  const run = async () => {
    running += 1;
    while (waiting.length > 0) {
      const taken = takeNext();
      if (taken.length === 0) continue;
      try {
        const results = await work(taken.map(({ item }) => item));
        for (const [index, { resolve }] of taken.entries()) resolve(results[index] as Result);
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
    }
    running -= 1;
  };

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, cancellation: presentWork(), resolve, reject });
      if (running < atOnce) void ofNobody(run);
    });
}
