import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CompactSign, decodeProtectedHeader } from 'jose';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import type { Checkpoint } from '../../src/domain/checkpoints/checkpoint.ts';
import { startCheckpointWriter } from '../../src/domain/checkpoints/checkpoint-writer.ts';
import { parseSigningKey, parseVerificationKeys, type SigningKey } from '../../src/domain/checkpoints/signing-key.ts';
import { findRemoved, verifyCheckpoints } from '../../src/domain/checkpoints/verify-checkpoints.ts';
import { writeCheckpoints } from '../../src/domain/checkpoints/write-checkpoints.ts';
import { createTestDatabase } from '../kit/database.ts';
import { forgery, lengthen, tamper } from '../kit/ledger.ts';
import { buildWorld, type World } from '../kit/world.ts';

const database = await createTestDatabase();
const db = createDatabase(database.url, { poolSize: 4, statementMs: 10_000 });
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pemOf = (key: KeyObject) => String(key.export({ format: 'pem', type: 'pkcs8' }));
const key = parseSigningKey(pemOf(newKeys().privateKey));
const keysOf = (...keys: SigningKey[]) => new Map(keys.map(({ publicKey }) => [publicKey.kid, publicKey]));

async function aLedger(count = 3): Promise<World> {
  const world = await buildWorld(db);
  await lengthen(db, { organizationId: world.organization.id, userId: world.admin.id }, count);
  return world;
}

const noon = (day: number) => new Date(Date.UTC(2027, 0, day, 12));

/** Those that a run has told of. */
async function run(now: Date, given = key): Promise<Checkpoint[]> {
  const told: Checkpoint[] = [];
  const isDone = await writeCheckpoints(db, { key: given, now, onCheckpoints: (found) => told.push(...found) });
  expect(isDone).toBe(true);
  return told;
}

const of = ({ organization }: World, found: readonly Checkpoint[]) =>
  found.filter(({ organizationId }) => organizationId === organization.id);

const faultOf = async ({ organization }: World, keys = keysOf(key)) =>
  (await verifyCheckpoints(db, organization.id, keys, () => {}))?.fault ?? null;

const hashAt = async ({ organization }: World, number: number) => {
  const found = await db.revision.findFirst({ where: { organizationId: organization.id, number } });
  return Buffer.from(found?.hash ?? []).toString('hex');
};

describe('checkpoints', () => {
  it('are of the newest entry of each organization that has changed, one a day', async () => {
    const [moving, still] = [await aLedger(), await aLedger()];
    const unused = await buildWorld(db);

    const first = await run(noon(1));
    await lengthen(db, { organizationId: moving.organization.id, userId: moving.admin.id }, 2);
    const sameDay = await run(new Date(Date.UTC(2027, 0, 1, 23, 59)));
    const nextDay = await run(new Date(Date.UTC(2027, 0, 2)));

    expect(of(moving, first)).toEqual([
      { organizationId: moving.organization.id, number: 3, hash: await hashAt(moving, 3), at: noon(1).toISOString() },
    ]);
    expect(of(still, first)).toHaveLength(1);
    expect(of(unused, first)).toEqual([]);
    expect(sameDay).toEqual([]);
    expect(nextDay).toEqual([expect.objectContaining({ organizationId: moving.organization.id, number: 5 })]);
    expect([await faultOf(moving), await faultOf(still), await faultOf(unused)]).toEqual([null, null, null]);
  });

  it('find entries that were written anew with hashes that fit, and an end that was cut off', async () => {
    const [forged, cut, earlier] = [await aLedger(), await aLedger(), await aLedger()];
    await run(noon(3));
    await lengthen(db, { organizationId: earlier.organization.id, userId: earlier.admin.id }, 1);

    await tamper(database, forgery(forged.organization.id, 2, `"reason" = 'Forged'`));
    await tamper(database, `DELETE FROM "Revision" WHERE "organizationId" = '${cut.organization.id}' AND "number" = 3`);

    const of = (world: World) => verifyCheckpoints(db, world.organization.id, keysOf(key), () => {});
    const entry = await db.revision.findFirst({ where: { organizationId: forged.organization.id, number: 3 } });
    const expected = { organizationId: forged.organization.id, number: 3, id: entry?.id, fault: 'OTHER_HASH' };
    expect(await of(forged)).toEqual(expected);
    expect(await of(cut)).toMatchObject({ number: 3, id: null, fault: 'BEYOND' });
    expect(await of(earlier)).toBeNull();
  });

  it('count for nothing unless one of the keys has signed that one', async () => {
    const [world, other] = [await aLedger(), await aLedger()];
    await run(noon(4));
    const ownId = world.organization.id;
    const [own, foreign] = await Promise.all(
      [world, other].map(({ organization }) =>
        db.ledgerCheckpoint.findFirst({ where: { organizationId: organization.id } }),
      ),
    );
    const token = own?.token ?? '';
    const [head, payload = '', signature] = token.split('.');
    const replace = async (text: string) => {
      await tamper(database, `UPDATE "LedgerCheckpoint" SET "token" = '${text}' WHERE "organizationId" = '${ownId}'`);
      return faultOf(world);
    };
    const said = { organizationId: ownId, number: 3, hash: await hashAt(world, 3), at: own?.at.toISOString() };
    const signedAs = (header: object, given = key) =>
      new CompactSign(Buffer.from(JSON.stringify(said)))
        .setProtectedHeader({ alg: 'ES256', kid: key.publicKey.kid, typ: 'modelgate-checkpoint', ...header })
        .sign(given.privateKey);
    const stranger = parseSigningKey(pemOf(newKeys().privateKey));
    const changed = Buffer.from(payload, 'base64url').toString().replace('"number":3', '"number":2');

    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'modelgate-checkpoint', kid: key.publicKey.kid });
    expect(await replace(await signedAs({}))).toBeNull();
    expect(await replace([head, Buffer.from(changed).toString('base64url'), signature].join('.'))).toBe(
      'BAD_SIGNATURE',
    );
    expect(await replace(foreign?.token ?? '')).toBe('BAD_SIGNATURE');
    expect(await replace('none')).toBe('BAD_SIGNATURE');
    expect(await replace(await signedAs({ typ: 'JWT' }))).toBe('BAD_SIGNATURE');
    expect(await replace(await signedAs({}, stranger))).toBe('BAD_SIGNATURE');
    expect(await replace(await signedAs({ kid: 'x' }))).toBe('UNKNOWN_KEY');
    const ofTwo = JSON.stringify({ ...said, number: 2, hash: await hashAt(world, 2) });
    const header = { alg: 'ES256', kid: key.publicKey.kid, typ: 'modelgate-checkpoint' };
    const earlier = new CompactSign(Buffer.from(ofTwo)).setProtectedHeader(header).sign(key.privateKey);
    expect(await replace(await earlier)).toBe('BAD_SIGNATURE');
    expect(await replace(token)).toBeNull();
    await tamper(database, `UPDATE "LedgerCheckpoint" SET "at" = '2999-01-01' WHERE "organizationId" = '${ownId}'`);
    expect(await faultOf(world)).toBe('BAD_SIGNATURE');
    await tamper(database, `UPDATE "LedgerCheckpoint" SET "at" = '${said.at}' WHERE "organizationId" = '${ownId}'`);
    expect(await faultOf(world, keysOf(stranger))).toBe('UNKNOWN_KEY');
  });

  it('outlive the key that has signed them, and the organization', async () => {
    const world = await aLedger();
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const next = parseSigningKey(privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'));
    await run(noon(5));
    await lengthen(db, { organizationId: world.organization.id, userId: world.admin.id }, 1);
    await run(noon(6), next);
    const kept = parseVerificationKeys(
      [publicKey, createPublicKey(key.privateKey)].map((one) => one.export({ format: 'pem', type: 'spki' })).join(''),
    );

    expect(await faultOf(world)).toBe('UNKNOWN_KEY');
    expect(await faultOf(world, new Map(kept.map((one) => [one.kid, one])))).toBeNull();

    await db.$executeRaw`INSERT INTO "LedgerCheckpoint" VALUES ('org_gone', 7, now(), 'x')`;
    expect(await findRemoved(db)).toEqual([{ organizationId: 'org_gone', number: 7 }]);
  });

  it('are written by one process at a time, and each once', async () => {
    const worlds = await Promise.all(Array.from({ length: 3 }, () => aLedger(1)));
    const told: Checkpoint[] = [];
    const onCheckpoints = (found: readonly Checkpoint[]) => void told.push(...found);
    await db.transaction(async (tx) => {
      await tx.query`SELECT 1 FROM pg_advisory_xact_lock(hashtext('modelgate checkpoints'))`;
      expect(await writeCheckpoints(db, { key, now: noon(7), onCheckpoints })).toBe(false);
    });
    await Promise.all([1, 2, 3].map(() => writeCheckpoints(db, { key, now: noon(7), onCheckpoints })));

    for (const world of worlds) expect(of(world, told)).toHaveLength(1);
  });

  it('are written in the background: each day again, after a failure too, until they are stopped', async () => {
    const world = await aLedger(1);
    let now = noon(8);
    const told: Checkpoint[] = [];
    const onFault = vi.fn();
    let isBroken = true;
    const faulty = {
      ...key,
      get privateKey() {
        if (isBroken) throw new Error('No key');
        return key.privateKey;
      },
    };
    const writer = startCheckpointWriter({
      db,
      key: faulty,
      onCheckpoints: (found) => void told.push(...of(world, found)),
      onFault,
      clock: () => now,
      firstMs: 1,
      everyMs: 5,
    });
    const until = (length: number) => vi.waitUntil(() => told.length === length, { timeout: 10_000 });

    await vi.waitUntil(() => onFault.mock.calls.length > 0, { timeout: 10_000 });
    isBroken = false;
    await until(1);
    await lengthen(db, { organizationId: world.organization.id, userId: world.admin.id }, 1);
    now = noon(9);
    await until(2);
    await writer.close();
    await lengthen(db, { organizationId: world.organization.id, userId: world.admin.id }, 1);
    now = noon(10);
    const statements = await run(noon(11));

    expect(told.map(({ number }) => number)).toEqual([1, 2]);
    expect(of(world, statements)).toMatchObject([{ number: 3 }]);
  });

  it('cannot be changed or removed by the service', async () => {
    await expect(db.$executeRaw`UPDATE "LedgerCheckpoint" SET "number" = 1`).rejects.toThrow('permission denied');
    await expect(db.$executeRaw`DELETE FROM "LedgerCheckpoint"`).rejects.toThrow('permission denied');
  });
});
