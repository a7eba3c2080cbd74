import type { Catalog } from '../../catalog/catalog.ts';
import type { Database } from '../../database/pool/client.ts';
import { teamsNamedBy } from '../../policy/snapshot-document.ts';
import type { SigningKey } from '../checkpoints/signing-key.ts';
import { loadStates } from '../ledger/snapshot.ts';
import { findTeamNames } from '../teams/team.ts';
import { type SnapshotFile, snapshotFileOf } from './snapshot-file.ts';

interface Reading {
  db: Database;
  catalog: Catalog;
  key: SigningKey | undefined;
}

/** The present snapshot of an organization, without subjects, and its revision: read anew, for all streams that it is written to. */
export async function readSnapshotFile(
  { db, catalog, key }: Reading,
  organizationId: string,
): Promise<{ revision: number; file: SnapshotFile }> {
  const [state] = await loadStates(db, [organizationId]);
  if (!state) throw new Error('There is no such organization');
  const named = teamsNamedBy(state);
  const teams = named.length === 0 ? {} : await findTeamNames(db, organizationId, named);
  const file = snapshotFileOf(state, { catalog, key, now: new Date(), teams, subjects: {} });
  return { revision: state.revision, file };
}
