import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BackupError } from '../../src/database/backup/backup-error.ts';
import { dumpDatabase } from '../../src/database/backup/dump.ts';
import { gunzip } from '../../src/database/backup/gunzip.ts';
import { verifyBackup } from '../../src/database/backup/read-backup.ts';
import { applyMigrations } from '../../src/database/migrate/migrations.ts';
import {
  aBlankDatabase,
  compress,
  connectTo,
  countRows,
  dataOf,
  dump,
  migrationsUpTo,
  restore,
  rulesOf,
  sign,
} from '../kit/backup.ts';
import { createTestDatabase, type TestDatabase } from '../kit/database.ts';
import { lastOfRelease } from './last-release.ts';

/** Texts that a format of lines and tabs could lose. */
const oddTexts = [
  '\\.',
  '\n\\.\n',
  'a\tb\r\n',
  '\\N',
  '\\\\',
  '',
  '{"a,b","c\\"d"}',
  'é😀\u2028',
  '\'; DROP TABLE "User"; --',
];

let database: TestDatabase;
let lines: string;
let file: Buffer;

beforeAll(async () => {
  database = await createTestDatabase();
  const owner = new pg.Client(database.ownerUrl);
  await owner.connect();
  await owner.query(
    `INSERT INTO "Organization" ("id", "name", "revision") VALUES ('org_a', 'A', 2), ('org_b', NULL, 0);
     INSERT INTO "User" ("id") VALUES ('usr_a');
     INSERT INTO "Membership" VALUES ('org_a', 'usr_a', 'OWNER', '2026-01-01T00:00:00.123Z');
     INSERT INTO "Revision" ("id", "organizationId", "number", "at", "actorId", "action", "subjectId", "after")
       SELECT 'rev_' || n, 'org_a', n, '2026-01-01', 'usr_a', 'X', 'org_a', '{"a": [1.50, "\\\\n"]}' FROM generate_series(1, 2) n;
     INSERT INTO "UsageRecord" SELECT 'org_a', 'use_' || n, 'openai', 'gpt-4o', NULL, 9007199254740993, n, 0.000000000001 * n, '2026-01-01'
       FROM generate_series(1, 3000) n;
     INSERT INTO "ProviderKey" ("id", "organizationId", "provider", "name", "sealed", "masterKeyId", "last4", "createdAt", "updatedAt")
       VALUES ('key_1', 'org_a', 'openai', 'x', '\\x00ff0a5c', '2025', 'abcd', '2026-01-01', '2026-01-01');
     INSERT INTO "ModelException" ("organizationId", "id", "subjectId", "models", "state", "until", "reason", "createdAt", "decidedAt")
       VALUES ('org_a', 'exc_1', 'usr_a', '{"gpt-4o","a\\"b"}', 'GRANTED', '2026-02-01', 'x', '2026-01-01', '2026-01-01');
     INSERT INTO "ProviderKeyUse" ("organizationId", "id", "providerKeyId", "apiKeyId") VALUES ('org_a', 41, 'key_1', 'api_1');`,
  );
  for (const [at, text] of oddTexts.entries()) {
    await owner.query('INSERT INTO "User" ("id", "name") VALUES ($1, $2)', [`usr_${at}`, text]);
  }
  await owner.query(`INSERT INTO "ModelSettings" VALUES ('org_a', $1, '{}', NULL, '2026-01-01', 'usr_a')`, [oddTexts]);
  await owner.end();
  const service = new pg.Client(database.url);
  await service.connect();
  lines = await text(dumpDatabase(service)).finally(() => service.end());
  file = compress(lines);
});
afterAll(() => database.drop());

describe('a restored database', () => {
  it('has the same rows, byte for byte, and the same rules and rights', async () => {
    const restored = await aBlankDatabase();

    const { masterKeys, rows } = await restore(restored, file);

    expect(dataOf(await dump(restored))).toBe(dataOf(lines));
    expect(await rulesOf(restored)).toEqual(await rulesOf(database));
    expect(masterKeys).toEqual({ 2025: { providerKeys: 1, idempotentAnswers: 0 } });
    expect(rows).toMatchObject({
      Organization: 2,
      User: 10,
      Revision: 2,
      ModelException: 1,
      UsageRecord: 3_000,
      UsageDay: 0,
    });
  });

  it('goes on with the numbers after those that it has', async () => {
    const restored = await aBlankDatabase();
    await restore(restored, file);

    const service = await connectTo(restored.url);
    const { rows } = await service.query(
      `INSERT INTO "ProviderKeyUse" ("organizationId", "providerKeyId", "apiKeyId") VALUES ('org_a', 'key_1', 'api_1') RETURNING "id"`,
    );

    expect(rows).toEqual([{ id: '42' }]);
  });

  it('may be one that was migrated and is empty', async () => {
    const migrated = await createTestDatabase();
    try {
      await restore(migrated, file);

      expect(dataOf(await dump(migrated))).toBe(dataOf(lines));
    } finally {
      await migrated.drop();
    }
  });

  it('gets the migrations that are newer than its backup, with what they do to its rows', async () => {
    const [older, restored] = [await aBlankDatabase(), await aBlankDatabase()];
    const only = await migrationsUpTo(lastOfRelease);
    await applyMigrations(older.ownerUrl, { only, serviceRole: 'modelgate' });
    const owner = await connectTo(older.ownerUrl);
    await owner.query(
      `INSERT INTO "Organization" ("id", "name") VALUES ('org_named', 'Brightwater'), ('org_unnamed', NULL)`,
    );

    await restore(restored, compress(await dump(older)));

    const service = await connectTo(restored.url);
    const { rows } = await service.query('SELECT "id", "nameSetByOwner" FROM "Organization" ORDER BY 1');
    expect(rows).toEqual([
      { id: 'org_named', nameSetByOwner: true },
      { id: 'org_unnamed', nameSetByOwner: false },
    ]);
    expect(await rulesOf(restored)).toEqual(await rulesOf(database));
  });
});

describe('a damaged backup', () => {
  const verify = (bytes: Buffer) => verifyBackup(gunzip(Readable.from([bytes])));

  it('is refused wherever it is cut off', async () => {
    for (let length = 0; length < file.length; length += 211) {
      await expect(verify(file.subarray(0, length)), `${length} bytes`).rejects.toThrow(BackupError);
    }
  });

  it('is refused whichever byte is changed, unless nothing of its content is', async () => {
    for (let at = 0; at < file.length; at += 211) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const content = await verify(changed).then(
        () => gunzipSync(changed).toString(),
        (error: unknown) => error,
      );
      if (content !== lines) expect(content, `byte ${at}`).toBeInstanceOf(BackupError);
    }
  });

  it('is noticed at its end, where it came by a pipe, and leaves no row', async () => {
    const restored = await aBlankDatabase();
    const cut = compress(lines.slice(0, lines.lastIndexOf('\n', lines.length - 2) + 1));

    await expect(restore(restored, cut)).rejects.toThrow(
      new BackupError('The backup ends too soon: a part of it is missing.'),
    );

    expect(await countRows(restored)).toBe(0);
    await restore(restored, file);
    expect(await countRows(restored)).toBeGreaterThan(3_000);
  });
});

describe('a file that somebody wrote', () => {
  let empty: TestDatabase;
  beforeAll(async () => {
    empty = await createTestDatabase();
  });
  afterAll(() => empty.drop());

  const change = (from: string | RegExp, to: string) => () => {
    const changed = lines.replace(from, to);
    expect(changed).not.toBe(lines);
    return sign(changed);
  };
  /** The database ends the rows of a table at a line that is none of ours. */
  const endedEarly = (whole: string) =>
    whole
      .replace(/(\{"table":"UsageRecord"[^\n]*\n)(.*?)(\\\.\n)/s, (_, section: string, rows: string, end: string) => {
        return section + rows.replaceAll('\n', '\r\n').replace('\r\n', '\r\n\\.\r\n') + end;
      })
      .replace('"UsageRecord":3000', '"UsageRecord":3001');
  const notFitting = 'The backup was changed: its tables are not those of its migrations.';

  it.each<[string, () => string, string | RegExp]>([
    ['of another table', change('{"table":"ApiKey"', '{"table":"pg_authid"'), notFitting],
    ['of a table that is SQL', change('{"table":"ApiKey"', '{"table":"x\\"; DROP TABLE \\"User"'), notFitting],
    ['with the leases of processes', change('{"table":"ApiKey"', '{"table":"Instance"'), notFitting],
    ['with another column', change('"callerId","key"', '"callerId","key\\") FROM PROGRAM \'id\' --"'), notFitting],
    ['without a column', change('"callerId","key"', '"key"'), notFitting],
    ['with a row of another form', change('\nusr_a\t', '\nnobody\t'), /violates check constraint "User_id_check"/],
    ['with a row that refers to none', change('org_a\tusr_a\tOWNER', 'org_a\tusr_no\tOWNER'), /foreign key constraint/],
    ['with other counts', change('"User":10', '"User":11'), /its content does not match its checksum/],
    ['of a later format', change('"version":1', '"version":2'), /made by a newer release/],
    [
      'with a later migration',
      change(/"name":"20261122000000_\w+"/, '"name":"20991231000000_later"'),
      /20991231000000_later/,
    ],
    ['with another migration', change(/"checksum":"\w+"/, '"checksum":"00"'), /is not the one of this release/],
    [
      'with a name that a terminal would obey',
      change(/"name":"20261122000000_\w+"/, '"name":"\\u001b[2J"'),
      /one of its lines cannot be read/,
    ],
    [
      'with a master key that a terminal would obey',
      change('"masterKeys":{', '"masterKeys":{"\\u001b[2J":{"providerKeys":1,"idempotentAnswers":0},'),
      /one of its lines cannot be read/,
    ],
    ['with an end amid the rows of a table', () => sign(endedEarly(lines)), notFitting],
    ['that goes on', () => `${lines}{}\n`, /goes on after its end/],
    ['of another format', () => '{"format":"tar","version":1}\n', /is not a backup of Modelgate/],
    ['of zeros without an end', () => '\0'.repeat(30_000_000), /has a line that is too long/],
    ['of nothing', () => '', /is not a backup of Modelgate/],
  ])('%s is refused, and leaves no row', async (_name, write, sentence) => {
    await expect(restore(empty, compress(write()))).rejects.toThrow(sentence);

    expect(await countRows(empty)).toBe(0);
  });

  it('that is not compressed is none', async () => {
    await expect(restore(empty, Buffer.from(lines))).rejects.toThrow(/is not a backup of Modelgate/);
  });
});

describe('what a backup is not restored into', () => {
  it('is a database that holds anything, which stays as it is', async () => {
    const filled = await createTestDatabase();
    try {
      const service = await connectTo(filled.url);
      await service.query(`INSERT INTO "User" ("id") VALUES ('usr_mine')`);

      await expect(restore(filled, file)).rejects.toThrow(/^The database already holds data of Modelgate, in User\. /);

      expect(await countRows(filled)).toBe(1);
    } finally {
      await filled.drop();
    }
  });

  it('is one that a service uses', async () => {
    const used = await createTestDatabase();
    try {
      const service = await connectTo(used.url);
      await service.query(`INSERT INTO "Instance" VALUES ('one', clock_timestamp() + interval '1 minute')`);

      await expect(restore(used, file)).rejects.toThrow(
        'The database is in use by 1 running process of the service. Stop the service, and restore again.',
      );
    } finally {
      await used.drop();
    }
  });

  it('is one with a migration that must come after its rows', async () => {
    const [older, newer] = [await aBlankDatabase(), await aBlankDatabase()];
    await applyMigrations(older.ownerUrl, {
      only: await migrationsUpTo(lastOfRelease),
      serviceRole: 'modelgate',
    });
    await applyMigrations(newer.ownerUrl, {});

    await expect(restore(newer, compress(await dump(older)))).rejects.toThrow(
      /^The database has the migration 20261127160755_identities already, which must be applied after /,
    );
  });
});

describe('a backup', () => {
  it('is refused of a database that a newer release migrated, since it would miss what is new', async () => {
    const newer = await aBlankDatabase();
    await applyMigrations(newer.ownerUrl, { serviceRole: 'modelgate' });
    const owner = await connectTo(newer.ownerUrl);
    await owner.query(
      `UPDATE _prisma_migrations SET migration_name = '20991231000000_later' WHERE migration_name LIKE '%teams_said'`,
    );

    await expect(dump(newer)).rejects.toThrow(
      /has the migration 20991231000000_later, which this release does not know/,
    );
  });

  it('is refused of a database without Modelgate', async () => {
    await expect(dump(await aBlankDatabase())).rejects.toThrow(/has no tables of Modelgate/);
  });

  it('is of one moment: what is changed while it is made is not in it', async () => {
    const service = await connectTo(database.url);
    const pieces: string[] = [];
    for await (const piece of dumpDatabase(await connectTo(database.url))) {
      if (pieces.length === 0) await service.query(`INSERT INTO "UserIdentity" VALUES ('i', 's', 'usr_a')`);
      pieces.push(piece.toString());
    }
    await service.query(`DELETE FROM "UserIdentity"`);

    expect(dataOf(pieces.join(''))).toBe(dataOf(lines));
  });

  it('lets a migration wait, and statements of the service go on', async () => {
    const service = await connectTo(database.url);
    const dumping = dumpDatabase(await connectTo(database.url));
    await dumping.next();

    let isMigrated = false;
    const migrating = applyMigrations(database.ownerUrl).then(() => {
      isMigrated = true;
    });
    await service.query('SELECT pg_sleep(0.1)');
    await service.query(`UPDATE "Organization" SET "name" = "name"`);
    expect(isMigrated).toBe(false);

    for await (const _ of dumping);
    await migrating;
  });
});
