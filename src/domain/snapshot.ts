import type { Database, Transaction } from '../database/client.ts';
import type { Snapshot } from './policy.ts';

/** The snapshots of these organizations, in their order, read in one statement so that each is of one revision. */
export async function loadSnapshots(db: Database | Transaction, ids: readonly string[]): Promise<Snapshot[]> {
  const rows = await db.$queryRaw<Snapshot[]>`
    SELECT o."id" AS "organizationId", o."revision",
           coalesce(s."disabledProviders", '{}') AS "disabledProviders",
           coalesce(s."disabledModels", '{}') AS "disabledModels",
           s."defaultModelKey", s."updatedAt", s."updatedById"
    FROM "Organization" o LEFT JOIN "ModelSettings" s ON s."organizationId" = o."id"
    WHERE o."id" = ANY(${[...ids]}::text[])`;
  const byId = new Map(rows.map((row) => [row.organizationId, row]));
  return ids.map((id) => byId.get(id) ?? emptySnapshot(id));
}

/** The snapshot of one organization; in a transaction that holds its lock, the state that a change starts from. */
export async function loadSnapshot(db: Database | Transaction, id: string): Promise<Snapshot> {
  const [snapshot = emptySnapshot(id)] = await loadSnapshots(db, [id]);
  return snapshot;
}

function emptySnapshot(organizationId: string): Snapshot {
  return {
    organizationId,
    revision: 0,
    disabledProviders: [],
    disabledModels: [],
    defaultModelKey: null,
    updatedAt: null,
    updatedById: null,
  };
}
