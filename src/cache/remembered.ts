import type { Mark } from './freshness.ts';

/** Values of one kind that are remembered for as long as the marks that they were read under. */
export interface Remembered<Value> {
  /** The value under this mark; undefined where there is none, or the mark is not current any more. */
  find: (mark: Mark) => Value | undefined;
  /** Keeps a value whose reading began after the mark was had; it must not be changed any more. */
  keep: (mark: Mark, value: Value) => void;
}

/** Bounded by the marks: a value goes with its own. */
export function createRemembered<Value>(): Remembered<Value> {
  const values = new WeakMap<Mark, Value>();
  return {
    find: (mark) => (mark.isCurrent ? values.get(mark) : undefined),
    keep: (mark, value) => {
      if (mark.isCurrent) values.set(mark, value);
    },
  };
}
