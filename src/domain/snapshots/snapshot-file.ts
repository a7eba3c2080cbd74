import { createHash } from 'node:crypto';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { type SnapshotDocument, snapshotDocumentOf } from '../../policy/snapshot-document.ts';
import type { SigningKey } from '../checkpoints/signing-key.ts';
import { catalogFileOf } from './catalog-file.ts';
import { signatureOf } from './signature.ts';

/** A snapshot as it is sent. */
export interface SnapshotFile {
  text: string;
  /** The stamp, and a hash of the text: that changes too where only the teams of a subject do. */
  etag: string;
  /** Absent where the service has no key to sign with. */
  signature: string | undefined;
  /** What events say of it, which have it themselves. */
  asEvent: { etag: string; signature: string | null; snapshot: string };
  /** When the next exception ends, and with it this text. */
  validUntil: Date | null;
}

interface Facts extends Pick<SnapshotDocument, 'teams' | 'subjects'> {
  catalog: Catalog;
  key: SigningKey | undefined;
  now: Date;
}

/** Writes, hashes and signs a snapshot. */
export function snapshotFileOf(snapshot: Snapshot, { catalog, key, now, ...facts }: Facts): SnapshotFile {
  const { version: catalogVersion, hash: catalogHash } = catalogFileOf(catalog);
  const document = snapshotDocumentOf(snapshot, { ...facts, catalogVersion, catalogHash, now });
  const bytes = Buffer.from(JSON.stringify(document));
  const hash = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  const ends = document.exceptions.map(({ until }) => until).sort();
  const text = bytes.toString();
  const etag = `"${stampOf(snapshot.revision, catalogVersion)}.${hash}"`;
  const signature = key && signatureOf(bytes, key);
  return {
    text,
    etag,
    signature,
    asEvent: { etag, signature: signature ?? null, snapshot: text },
    validUntil: ends[0] === undefined ? null : new Date(ends[0]),
  };
}

/** The stamp of decisions, as the ids of events have it. */
export function stampOf(revision: number, catalogVersion: number): string {
  return `${revision}.${catalogVersion}`;
}
