import type { Catalog } from './catalog.ts';
import { distanceWithin } from './edit-distance.ts';
import { foldName } from './model-name.ts';

/** The maximum number of names that are suggested, and the maximum number of typing errors in one. */
const maxNames = 3;
const maxChanges = 3;

/** A folded name to compare with, and the key that is suggested for it. */
interface Candidate {
  name: string;
  key: string;
  letters: number;
}

const candidatesOf = new WeakMap<Catalog, { bare: Candidate[]; exact: Candidate[] }>();

/** Suggests keys of the catalog for an unknown name, nearest first. */
export function nearestNames(catalog: Catalog, unknown: string): string[] {
  const name = foldName(unknown);
  const letters = lettersOf(name);
  const { bare, exact } = candidates(catalog);
  const near: { key: string; distance: number }[] = [];
  let farthest = Math.min(maxChanges, 1 + Math.floor(name.length / 4));
  for (const { name: known, key, letters: others } of name.includes('/') ? exact : bare) {
    // One change removes at most one letter, and adds at most one.
    if (countBits(letters & ~others) > farthest || countBits(others & ~letters) > farthest) continue;
    const distance = distanceWithin(farthest, name, known);
    if (distance > farthest) continue;
    near.push({ key, distance });
    // A name that is much farther than the nearest one is not suggested.
    farthest = Math.min(farthest, distance + 1);
  }
  const suggested = near.filter(({ distance }) => distance <= farthest).toSorted((a, b) => a.distance - b.distance);
  return [...new Set(suggested.map(({ key }) => key))].slice(0, maxNames);
}

function candidates(catalog: Catalog) {
  let found = candidatesOf.get(catalog);
  if (!found) {
    const keys = catalog.models.flatMap(({ names }) => names.map((key) => candidate(key, key)));
    const titles = catalog.models.map(({ displayName, modelId }) => candidate(displayName, modelId));
    const isExact = ({ key }: Candidate) => key.includes('/');
    found = { exact: keys.filter(isExact), bare: [...keys.filter((one) => !isExact(one)), ...titles] };
    candidatesOf.set(catalog, found);
  }
  return found;
}

function candidate(text: string, key: string): Candidate {
  const name = foldName(text);
  return { name, key, letters: lettersOf(name) };
}

/** The letters of a name, as a bit set; some letters share a bit. */
function lettersOf(name: string): number {
  let letters = 0;
  for (let index = 0; index < name.length; index += 1) letters |= 1 << (name.charCodeAt(index) % 32);
  return letters;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
