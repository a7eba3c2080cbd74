import { type Catalog, indexCatalog } from '../catalog/catalog.ts';
import type { CatalogModel } from '../catalog/entry.ts';
import type { Snapshot } from '../policy/policy.ts';
import { type SnapshotDocument, snapshotOf } from '../policy/snapshot-document.ts';
import { SdkError } from './gate-error.ts';

/** What decisions are made by, and the texts that it was read from. */
export interface State {
  document: SnapshotDocument;
  snapshot: Snapshot;
  catalog: Catalog;
  texts: Texts;
}

export interface Texts {
  snapshot: string;
  catalog: string;
  etag: string;
  signature: string | null;
}

/** A revision and a version of the catalog. */
export type Stamp = Pick<SnapshotDocument, 'revision' | 'catalogVersion'>;

/** Whether a stamp is older than another: by the revision, then by the catalog. */
export function isOlder(one: Stamp, other: Stamp): boolean {
  if (one.revision !== other.revision) return one.revision < other.revision;
  return one.catalogVersion < other.catalogVersion;
}

/** The id of an event that tells of a stamp. */
export function idOfStamp({ revision, catalogVersion }: Stamp): string {
  return `${revision}.${catalogVersion}`;
}

/** The stamp of an event's id, `revision.catalogVersion`; undefined where it is none. */
export function stampOfId(id: string | undefined): Stamp | undefined {
  const [, revision, catalogVersion] = /^(\d{1,9})\.(\d{1,9})$/.exec(id ?? '') ?? [];
  return revision === undefined ? undefined : { revision: Number(revision), catalogVersion: Number(catalogVersion) };
}

/** @throws SdkError for what is no snapshot of this organization */
export function parseSnapshot(text: string, organizationId: string): SnapshotDocument {
  const document = parse(text) as Partial<SnapshotDocument> | null;
  const { revision, catalogVersion, catalogHash, policy, exceptions, teams, subjects } = document ?? {};
  const isWhole =
    Number.isInteger(revision) &&
    Number.isInteger(catalogVersion) &&
    typeof catalogHash === 'string' &&
    Array.isArray(exceptions) &&
    [policy, teams, subjects].every((part) => typeof part === 'object' && part !== null);
  if (!isWhole) throw new SdkError('BAD_SNAPSHOT', 'The answer is no snapshot');
  if (document?.organizationId !== organizationId) {
    throw new SdkError('BAD_SNAPSHOT', 'The snapshot is of another organization');
  }
  return document as SnapshotDocument;
}

/** @throws SdkError for what is no catalog of this version */
export function parseCatalog(text: string, version: number): Catalog {
  const { models, version: found } = (parse(text) ?? {}) as { models?: CatalogModel[]; version?: number };
  if (!Array.isArray(models) || found !== version) throw new SdkError('BAD_SNAPSHOT', 'The answer is no such catalog');
  return indexCatalog(models, version);
}

/** @throws SdkError where the policy cannot be read */
export function stateOf(document: SnapshotDocument, catalog: Catalog, texts: Texts): State {
  return { document, snapshot: snapshotOf(document), catalog, texts };
}

/** @throws SdkError for what is no UTF-8 */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new SdkError('BAD_SNAPSHOT', 'The answer is no text', { cause: error });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SdkError('BAD_SNAPSHOT', 'The answer is no JSON', { cause: error });
  }
}
