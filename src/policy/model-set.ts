/** A set of models of one catalog: a bit for each, by its position there. */
export type ModelSet = Uint32Array;

const bitsPerWord = 32;

/** An empty set for a catalog of so many models. */
export function noModels(size: number): ModelSet {
  return new Uint32Array(Math.ceil(size / bitsPerWord));
}

/** The set of all models of a catalog of so many. */
export function allModels(size: number): ModelSet {
  const set = noModels(size).fill(-1);
  const rest = size % bitsPerWord;
  if (rest !== 0) set[set.length - 1] = 2 ** rest - 1;
  return set;
}

/** Whether the model at this position is in the set. */
export function hasModel(set: ModelSet, position: number): boolean {
  return (((set[position >>> 5] ?? 0) >>> (position & 31)) & 1) === 1;
}

/** Adds the model at this position. Only for whoever has made the set: others may hold it. */
export function addModel(set: ModelSet, position: number): void {
  set[position >>> 5] = (set[position >>> 5] ?? 0) | (1 << (position & 31));
}

/** The models of any of the sets, which are of one catalog. */
export function unionOf(first: ModelSet, ...others: readonly ModelSet[]): ModelSet {
  if (others.length === 0) return first;
  return combine(first, others, (one, other) => one | other);
}

/** The models of the first set that are not in the other. */
export function differenceOf(first: ModelSet, other: ModelSet): ModelSet {
  return combine(first, [other], (one, two) => one & ~two);
}

/** Whether no model is in the set. */
export function isEmpty(set: ModelSet): boolean {
  return set.every((word) => word === 0);
}

/** The positions of its models, in their order. */
export function positionsOf(set: ModelSet): number[] {
  const found: number[] = [];
  for (let index = 0; index < set.length; index += 1) {
    for (let word = set[index] ?? 0; word !== 0; word &= word - 1) {
      found.push(index * bitsPerWord + 31 - Math.clz32(word & -word));
    }
  }
  return found;
}

function combine(first: ModelSet, others: readonly ModelSet[], by: (one: number, other: number) => number): ModelSet {
  const combined = first.slice();
  for (const other of others) {
    for (let index = 0; index < combined.length; index += 1) {
      combined[index] = by(combined[index] ?? 0, other[index] ?? 0);
    }
  }
  return combined;
}
