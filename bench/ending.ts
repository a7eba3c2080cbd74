const closers: (() => unknown)[] = [];
let ending: Promise<void> | undefined;

/** Work to do before the bench ends, however it ends; what was begun last is ended first. */
export function atEnd(close: () => unknown): void {
  closers.push(close);
}

/** Ends what is left, once, one thing after another; one that cannot be ended does not keep the others. */
export function endAll(): Promise<void> {
  ending ??= closeAll();
  return ending;
}

async function closeAll(): Promise<void> {
  const faults: unknown[] = [];
  for (let close = closers.pop(); close; close = closers.pop()) {
    try {
      await close();
    } catch (error) {
      faults.push(error);
    }
  }
  if (faults.length > 0) throw faults[0];
}
