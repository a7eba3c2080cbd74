import { createHash } from 'node:crypto';

/** The contents of `version.json`: the number of the committed catalog, and the SHA-256 of the `models.json` that it numbers. */
export interface CatalogVersion {
  readonly version: number;
  readonly sha256: string;
}

/** Whether this is the version of these models: their text has not changed since they were numbered. */
export function numbers({ sha256 }: CatalogVersion, text: string): boolean {
  return sha256 === digestOf(text);
}

/** The version of these models: the committed one where they are the same, else the next. It only grows. */
export function nextVersion(committed: CatalogVersion, text: string): CatalogVersion {
  return numbers(committed, text) ? committed : { version: committed.version + 1, sha256: digestOf(text) };
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
