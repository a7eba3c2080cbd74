import pg from 'pg';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { commit } from '../../src/domain/ledger/ledger.ts';
import { trustedActor } from '../../src/domain/ledger/ledger-entry.ts';
import type { TestDatabase } from './database.ts';

/** Changes the ledger as the owner of the tables can: with their triggers off. */
export async function tamper({ ownerUrl }: Pick<TestDatabase, 'ownerUrl'>, sql: string): Promise<void> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query(`BEGIN; ALTER TABLE "Revision" DISABLE TRIGGER USER; ${sql};
      ALTER TABLE "Revision" ENABLE TRIGGER USER; COMMIT`);
  } finally {
    await owner.end();
  }
}

/** Appends as many entries, the third of them about a configuration that is the user's own. */
export async function lengthen(
  db: PrismaDatabase,
  { organizationId, userId }: { organizationId: string; userId: string },
  count: number,
): Promise<void> {
  for (let n = 1; n <= count; n++) {
    const request = { organizationId, actor: { ...trustedActor, userId }, reason: `Reason ${n}` };
    await commit(db, request, async () => ({
      action: n === 3 ? 'MODEL_CONFIG_CREATED' : 'MODEL_SETTINGS_UPDATED',
      subjectId: n === 3 ? 'cfg_own' : 'oms_x',
      before: n === 1 ? null : { n: n - 1 },
      after: { n, ...(n === 3 && { userId }) },
      apply: async () => {},
    }));
  }
}

/**
 * SQL that changes an entry (by a text after SET) and then gives it, and all entries after it, hashes that fit again, as
 * somebody with the database can do it.
 */
export function forgery(organizationId: string, number: number, assignment: string): string {
  return `UPDATE "Revision" SET ${assignment} WHERE "organizationId" = '${organizationId}' AND "number" = ${number};
    CREATE TEMP TABLE forged ON COMMIT DROP AS
      SELECT * FROM "Revision" WHERE "organizationId" = '${organizationId}' AND "number" >= ${number};
    DELETE FROM "Revision" WHERE "organizationId" = '${organizationId}' AND "number" >= ${number};
    ALTER TABLE "Revision" ENABLE TRIGGER "Revision_hash";
    INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "actorApiKeyId", "actorScimTokenId", "actorPlatformKeyId", "impersonatedBy", "action",
        "subjectId", "before", "after", "reason", "restoredFrom")
      SELECT "id", "organizationId", "number", "at", "actorId", "actorApiKeyId", "actorScimTokenId", "actorPlatformKeyId", "impersonatedBy", "action",
        "subjectId", "before", "after", "reason", "restoredFrom" FROM forged ORDER BY "number"`;
}
