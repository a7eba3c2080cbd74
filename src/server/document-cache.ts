import { RoughLRU } from '../domain/rough-lru.ts';

/** Characters of all documents that are remembered; a parsed one takes up to some 200 bytes for each. */
const maxCharacters = 500_000;

/** What became of documents, by their text. Those that were asked for longest ago go first. */
export function createDocumentCache<Value extends object>(): RoughLRU<string, Value> {
  return new RoughLRU<string, Value>({
    maxSize: maxCharacters,
    sizeCalculation: (_value, text) => Math.max(1, text.length),
  });
}
