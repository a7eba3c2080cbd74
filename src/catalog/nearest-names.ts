import type { Catalog } from './catalog.ts';
import { distanceWithin } from './edit-distance.ts';
import { foldName } from './model-name.ts';

/** Names that are told as near, and the changes that are as many as a slip makes. */
const mostNames = 3;
const mostChanges = 3;

/** What a name is compared with, folded, and the key that is told for it. */
interface Candidate {
  name: string;
  key: string;
  letters: number;
}

const candidatesOf = new WeakMap<Catalog, { bare: Candidate[]; exact: Candidate[] }>();

/** Keys of the catalog that a name which names nothing may have meant, nearest first. */
export function nearestNames(catalog: Catalog, unknown: string): string[] {
  const name = foldName(unknown);
  const letters = lettersOf(name);
  const { bare, exact } = candidates(catalog);
  const near: { key: string; distance: number }[] = [];
  let farthest = Math.min(mostChanges, 1 + Math.floor(name.length / 4));
  for (const { name: known, key, letters: others } of name.includes('/') ? exact : bare) {
    // A change takes one letter away, and brings one, at the most.
    if (countBits(letters & ~others) > farthest || countBits(others & ~letters) > farthest) continue;
    const distance = distanceWithin(farthest, name, known);
    if (distance > farthest) continue;
    near.push({ key, distance });
    // What is much farther than another is not what was meant.
    farthest = Math.min(farthest, distance + 1);
  }
  const told = near.filter(({ distance }) => distance <= farthest).toSorted((a, b) => a.distance - b.distance);
  return [...new Set(told.map(({ key }) => key))].slice(0, mostNames);
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

/** Which letters a name has, one bit for each, some of which share theirs. */
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
