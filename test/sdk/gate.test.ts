import { generateKeyPairSync } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseSigningKey } from '../../src/domain/checkpoints/signing-key.ts';
import { connect } from '../../src/sdk/connect.ts';
import type { Change, ConnectOptions, Gate, GateError, PublicKey } from '../../src/sdk/types.ts';
import { type Fate, openDoor } from '../kit/door.ts';
import { anApiKey, RevokeApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { teamChangesOf } from '../kit/teams.ts';
import type { World } from '../kit/world.ts';

const pair = generateKeyPairSync('ed25519');
const signingKey = parseSigningKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const service = await startService({ signingKey, heartbeats: { heartbeatMs: 120 } });
const { aWorld, ask } = service;
const { url: target, close } = await listenOnLoopback(service.listener);
afterAll(close);
afterEach(() => void vi.useRealTimers());
const teams = teamChangesOf(service);

interface Connected {
  gate: Gate;
  changes: Change[];
  errors: GateError[];
}

/** A gate of a world's organization, behind a door of its own. */
async function aGate(world: World, options: Partial<ConnectOptions> = {}) {
  const door = await openDoor(target);
  onTestFinished(door.close);
  const key = await anApiKey(service, world, ['READ']);
  const enter = async (others: Partial<ConnectOptions> = {}): Promise<Connected> => {
    const { organization } = world;
    const gate = await connect({
      url: door.url,
      apiKey: key.token,
      organizationId: organization.id,
      timeoutMs: 2_000,
      pollMs: 200,
      ...options,
      ...others,
    });
    onTestFinished(() => gate.close());
    const changes: Change[] = [];
    const errors: GateError[] = [];
    gate.on('change', (change) => void changes.push(change));
    gate.on('error', (error) => void errors.push(error));
    return { gate, changes, errors };
  };
  return { door, key, enter, ...(await enter()) };
}

const disable = async ({ organization, admin }: World, ...disabledModels: string[]) => {
  await ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels } }, { as: admin });
};
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 20_000 });
const isSnapshot = (path: string) => /\/snapshot(\?|$)/.test(path);

describe('connect', () => {
  it('decides in this process as the service does, and on a change at once', async () => {
    const world = await aWorld();
    await disable(world, 'gpt-4o');
    const { gate, changes } = await aGate(world);
    const first = gate.decide({ model: 'GPT-4o' });
    const before = gate.models().map(({ model }) => model);

    await disable(world, 'gpt-4.1');
    await until(() => changes.length > 0);

    expect(first).toMatchObject({
      allowed: false,
      reasons: ['MODEL_DISABLED'],
      model: 'openai/gpt-4o',
      revision: 1 + 1,
    });
    expect(before).not.toContain('openai/gpt-4o');
    expect(gate.decide({ model: 'gpt-4o' }).allowed).toBe(true);
    expect(gate.decide({ model: 'gpt-4.1' }).allowed).toBe(false);
    expect(gate.decide({ model: 'nothing' })).toMatchObject({ reasons: ['UNKNOWN_MODEL'], model: null });
    expect(gate.decide({} as never).reasons).toEqual(['UNKNOWN_MODEL']);
    expect(changes[0]).toMatchObject({
      revision: gate.revision,
      newlyBlocked: expect.arrayContaining(['openai/gpt-4.1']),
      newlyAllowed: expect.arrayContaining(['openai/gpt-4o']),
    });
  });

  it('asks for nothing where an event brings the snapshot', async () => {
    const world = await aWorld();
    const { gate, door, changes } = await aGate(world);
    await until(() => door.asked.filter(isSnapshot).length === 2);
    const before = [...door.asked];

    await disable(world, 'gpt-4o');
    await until(() => changes.length > 0);

    expect(gate.decide({ model: 'gpt-4o' }).allowed).toBe(false);
    expect(door.asked).toEqual(before);
  });

  it('knows the role and the teams of the subjects that it was told of, also when they change', async () => {
    const world = await aWorld();
    const { organization, admin, member } = world;
    const { id: teamId } = await teams.created(world, { name: 'Research' });
    const scope = { organizationId: organization.id, subjectId: teamId, disabledModels: ['gpt-4o'] };
    const SetScope = `mutation ($input: SetScopePolicyInput!) { setScopePolicy(input: $input) { __typename } }`;
    await ask(SetScope, { input: scope }, { as: admin });
    const { gate } = await aGate(world, { subjects: [member.id, 'usr_absent'] });
    const subject = { id: member.id };
    const before = gate.decide({ model: 'gpt-4o', subject }).allowed;

    await teams.setMembers(world, { teamId, userIds: [member.id] });
    await until(() => !gate.decide({ model: 'gpt-4o', subject }).allowed);

    expect(before).toBe(true);
    expect(gate.decide({ model: 'gpt-4o', subject: { teams: ['Research'] } }).reasons).toEqual(['MODEL_DISABLED']);
    // What a question says narrows what is known, and does not widen it.
    expect(gate.decide({ model: 'gpt-4o', subject: { ...subject, teams: [] } }).allowed).toBe(false);
    expect(gate.decide({ model: 'gpt-4o', subject: { id: 'usr_absent', role: 'OWNER' } }).reasons).toEqual([
      'NOT_A_MEMBER',
    ]);
  });

  it('refuses to begin where nothing is known, and says why', async () => {
    const world = await aWorld();
    const { door, enter } = await aGate(world);

    await expect(enter({ apiKey: 'mgk_nonsense' })).rejects.toMatchObject({ code: 'AUTHENTICATION_REQUIRED' });
    await expect(enter({ organizationId: 'org_other' })).rejects.toMatchObject({ code: 'ORGANIZATION_ACCESS_DENIED' });
    door.decide(() => ({ status: 502, body: '<html>' }));
    await expect(enter()).rejects.toMatchObject({ name: 'GateError', code: 'UNAVAILABLE' });
    door.decide(() => 'hang');
    await expect(enter({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it.each([
    [{ maxStaleMs: Number.NaN }, 'maxStaleMs'],
    [{ maxStaleMs: '1m' }, 'maxStaleMs'],
    [{ maxStaleMs: Number.POSITIVE_INFINITY }, 'maxStaleMs'],
    [{ pollMs: -1 }, 'pollMs'],
    [{ timeoutMs: 2 ** 31 }, 'timeoutMs'],
    [{ onStale: 'Deny' }, "'deny' or 'last'"],
    [{ publicKey: [] }, 'publicKey'],
    [{ subjects: 'usr_a' }, 'subjects'],
    [{ bootstrap: '' }, 'bootstrap'],
    [{ apiKey: undefined }, 'apiKey'],
    [{ url: 'modelgate.example.com' }, 'url'],
    [{ maxStale: 60_000 }, 'no option `maxStale`'],
  ])('refuses options that it would take for others: %j', async (options, named) => {
    const refused = connect({ url: target, apiKey: 'mgk_x', organizationId: 'org_x', ...(options as object) });

    await expect(refused).rejects.toMatchObject({ code: 'INVALID_OPTION', message: expect.stringContaining(named) });
  });

  it('refuses a subject that it cannot read, whose rules it would skip', async () => {
    const { gate } = await aGate(await aWorld());
    const unreadable = ['usr_x', '', null, 0, {}, { userId: 'usr_x' }, { id: 7 }, { id: '' }, { role: 'member' }];

    for (const subject of [...unreadable, { teams: 'a' }, { id: 'usr_x', teams: [null] }]) {
      const question = { model: 'gpt-4o', subject } as never;
      expect(() => gate.decide(question)).toThrow(expect.objectContaining({ code: 'INVALID_SUBJECT' }));
      expect(() => gate.models(subject as never)).toThrow(expect.objectContaining({ code: 'INVALID_SUBJECT' }));
    }
  });

  it('takes the address of the graph for that of the service, follows no redirect, and says why nobody answers', async () => {
    const world = await aWorld();
    const { door, enter } = await aGate(world);
    const { gate } = await enter({ url: `${door.url}/graphql/` });
    const refusal = (options: Partial<ConnectOptions> = {}) =>
      enter(options).catch((error: GateError) => error.message);

    expect(gate.decide({ model: 'gpt-4o' }).allowed).toBe(true);
    door.decide((path) => ({ status: 307, headers: { location: target + path }, body: '' }));
    expect(await refusal()).toContain(`redirects to ${target}`);
    expect(await refusal({ url: 'http://127.0.0.1:1' })).toMatch(
      /^http:\/\/127\.0\.0\.1:1 cannot be asked: .*\([\w ]+\)$/,
    );
  });

  it('throws what a listener throws as a fault of its own, and goes on', async () => {
    const world = await aWorld();
    const { gate, changes } = await aGate(world);
    const faults: unknown[] = [];
    const onFault = (fault: unknown) => void faults.push(fault);
    const others = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', onFault);
    onTestFinished(() => {
      process.removeAllListeners('unhandledRejection');
      for (const other of others) process.on('unhandledRejection', other);
    });
    const leave = gate.on('change', () => {
      throw new Error('of the listener');
    });

    await disable(world, 'gpt-4o');
    await until(() => changes.length === 1);
    leave();
    await disable(world, 'gpt-4.1');
    await until(() => changes.length === 2);

    expect(faults).toMatchObject([{ message: 'of the listener' }]);
  });
});

describe('while the service cannot be asked', () => {
  it.each([
    ['killed', () => 'cut' as const],
    ['slow', () => 'hang' as const],
  ])('(%s) decisions go on, age, and are denied after maxStaleMs, until it is back', async (_, fate) => {
    const world = await aWorld();
    const { gate, door, errors } = await aGate(world, { maxStaleMs: 1_500, timeoutMs: 300 });
    await until(() => gate.staleMs < 200);

    door.decide(fate);
    await until(() => gate.staleMs > 400);
    const meanwhile = gate.decide({ model: 'gpt-4o' });
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);
    const stale = gate.decide({ model: 'gpt-4o' });
    const none = gate.models();
    await disable(world, 'gpt-4.1');
    door.decide(() => 'pass');
    await until(() => gate.decide({ model: 'gpt-4o' }).allowed);

    expect(meanwhile).toMatchObject({ allowed: true, reasons: [] });
    expect(stale).toMatchObject({ allowed: false, reasons: ['STALE'], revision: meanwhile.revision });
    expect(stale.staleMs).toBeGreaterThan(1_500);
    expect(none).toEqual([]);
    expect(errors.map(({ code }) => code)).toContain('UNAVAILABLE');
    expect(gate.decide({ model: 'gpt-4.1' }).reasons).toEqual(['MODEL_DISABLED']);
  });

  it("keeps the last snapshot with onStale: 'last', and says so", async () => {
    const world = await aWorld();
    const { gate, door } = await aGate(world, { maxStaleMs: 300, onStale: 'last' });
    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);

    door.decide(() => 'cut');
    await until(() => gate.decide({ model: 'gpt-4.1' }).warnings.includes('STALE'));

    expect(gate.decide({ model: 'gpt-4.1' })).toMatchObject({ allowed: true, reasons: [], warnings: ['STALE'] });
    expect(gate.decide({ model: 'gpt-4o' }).reasons).toEqual(['MODEL_DISABLED']);
    expect(gate.models().length).toBeGreaterThan(10);
  });

  it('polls where streams are cut or held back', async () => {
    const world = await aWorld();
    const { gate, door } = await aGate(world, { maxStaleMs: 60_000 });
    door.decide((path) => (path.includes('/stream') ? 'cut' : 'pass'));

    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);

    expect(gate.staleMs).toBeLessThan(20_000);
  });

  it('believes no age that cannot be, nor an answer without end', async () => {
    const world = await aWorld();
    const { door, enter } = await aGate(world);
    for (const age of ['-1000000', 'Infinity', '1e300', 'young']) {
      door.decide(async (path, answered) => {
        if (!isSnapshot(path)) return 'pass';
        const { headers, ...others } = await answered();
        return { ...others, headers: { ...headers, age } };
      });
      await expect(enter()).rejects.toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('Age') });
    }
    door.decide((path) => (isSnapshot(path) ? { body: Buffer.alloc(2 ** 26 + 1, ' ') } : 'pass'));
    await expect(enter({ timeoutMs: 20_000 })).rejects.toMatchObject({ message: expect.stringContaining('longer') });
  });

  it('counts from when a relay, and the proxies before it, have had the answer confirmed', async () => {
    const world = await aWorld();
    const { door, enter } = await aGate(world);
    door.decide(async (path, answered) => {
      if (path.includes('/stream')) return 'cut';
      if (!isSnapshot(path)) return 'pass';
      const { headers, ...others } = await answered();
      return { ...others, headers: { ...headers, age: '40, 2' } };
    });

    const { gate } = await enter();

    expect(gate.staleMs).toBeGreaterThanOrEqual(40_000);
    expect(gate.staleMs).toBeLessThan(60_000);
  });

  it('does not age by a clock that jumps, nor stay young', async () => {
    const world = await aWorld();
    const { gate, door } = await aGate(world, { maxStaleMs: 2_000 });
    await until(() => gate.staleMs < 200);
    vi.useFakeTimers({ toFake: ['Date'] });

    vi.setSystemTime(Date.now() + 10 * 365 * 86_400_000);
    const ahead = gate.decide({ model: 'claude-sonnet-4-5' });
    vi.setSystemTime(Date.now() - 20 * 365 * 86_400_000);
    const back = gate.decide({ model: 'gpt-4o' });
    door.decide(() => 'cut');
    await until(() => gate.decide({ model: 'gpt-4o' }).reasons[0] === 'STALE');

    expect(ahead.reasons).not.toContain('STALE');
    expect(ahead.staleMs).toBeLessThan(2_000);
    expect(back).toMatchObject({ allowed: true });
  });

  it('decides on after its key was revoked, until that is too long ago', async () => {
    const world = await aWorld();
    const { gate, key, errors } = await aGate(world, { maxStaleMs: 1_000 });
    await until(() => gate.staleMs < 200);

    await ask(RevokeApiKey, { input: { id: key.id } }, { as: world.owner });
    await until(() => errors.some(({ code }) => code === 'AUTHENTICATION_REQUIRED'));
    const meanwhile = gate.decide({ model: 'gpt-4o' }).allowed;
    await until(() => gate.decide({ model: 'gpt-4o' }).reasons[0] === 'STALE');

    expect(meanwhile).toBe(true);
  });
});

describe('an answer that is not what it must be', () => {
  it('is refused where one byte is flipped, of the snapshot or of the catalog', async () => {
    const world = await aWorld();
    const { gate, door, errors, enter } = await aGate(world, { subjects: [world.member.id] });
    const flipped = (path: string) => (isAt: (path: string) => boolean) => {
      door.decide(async (asked, answered) => {
        if (!isAt(asked)) return 'pass';
        const { body, ...others } = await answered();
        body[body.indexOf(path)] = (body[body.indexOf(path)] ?? 0) ^ 1;
        return { ...others, body };
      });
    };

    flipped('gpt-4o')(isSnapshot);
    await disable(world, 'gpt-4o');
    await until(() => errors.some(({ code }) => code === 'BAD_SIGNATURE'));
    const meanwhile = gate.decide({ model: 'gpt-4o' });
    await expect(enter()).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    flipped('gpt-4o')((path) => path.startsWith('/catalog/'));
    await expect(enter()).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    door.decide(() => 'pass');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);

    expect(meanwhile).toMatchObject({ allowed: true, revision: gate.revision - 1 });
  });

  it('is refused where one byte is flipped in an event that brings a snapshot', async () => {
    const world = await aWorld();
    const { gate, door, errors } = await aGate(world);
    let flipped = 0;
    let opened = 0;
    door.decide((path) => {
      if (!path.includes('/stream')) return flipped > 0 ? 'cut' : 'pass';
      opened += 1;
      return (chunk) => {
        const at = chunk.indexOf('gpt-4o');
        if (at >= 0) flipped += 1;
        if (at >= 0) chunk[at] = (chunk[at] ?? 0) ^ 1;
        return chunk;
      };
    });
    await until(() => opened > 0 && gate.staleMs < 100);

    await disable(world, 'gpt-4o');
    await until(() => errors.some(({ code }) => code === 'BAD_SIGNATURE'));

    expect(flipped).toBe(1);
    expect(gate.decide({ model: 'gpt-4o' })).toMatchObject({ allowed: true, reasons: [] });
  });

  it('is refused without a signature, once there was one, or where a key is pinned; and by another key', async () => {
    const world = await aWorld();
    const publicKey = { ...(pair.publicKey.export({ format: 'jwk' }) as PublicKey) };
    const { gate, door, errors, enter } = await aGate(world, { publicKey, subjects: [world.member.id] });
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as PublicKey;

    await expect(enter({ publicKey: other })).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    door.decide(async (path, answered) => {
      if (!isSnapshot(path)) return 'pass';
      const { headers, ...others } = await answered();
      const { 'modelgate-signature': _, ...unsigned } = headers;
      return { ...others, headers: unsigned };
    });
    await disable(world, 'gpt-4o');
    await until(() => errors.some(({ code }) => code === 'BAD_SIGNATURE'));
    await expect(enter()).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });

    expect(gate.decide({ model: 'gpt-4o' }).allowed).toBe(true);
  });

  it('is refused where it is older than what is known, and confirms nothing', async () => {
    const world = await aWorld();
    const { gate, door, errors } = await aGate(world, { maxStaleMs: 1_000, subjects: [world.member.id] });
    let old: { status: number; headers: Record<string, string>; body: Buffer } | undefined;
    door.decide(async (path, answered): Promise<Fate> => {
      if (isSnapshot(path)) old ??= await answered();
      return 'pass';
    });
    await until(() => old !== undefined);
    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);

    door.decide((path) => (isSnapshot(path) && old ? old : 'pass'));
    await until(() => errors.some(({ code }) => code === 'OLDER_SNAPSHOT'));
    await until(() => gate.decide({ model: 'gpt-4.1' }).reasons[0] === 'STALE');

    expect(gate.decide({ model: 'gpt-4o' }).reasons).toEqual(['STALE', 'MODEL_DISABLED']);
  });

  it('is refused where it is of another organization', async () => {
    const [world, other] = [await aWorld(), await aWorld()];
    const foreign = await aGate(other);
    const { door, enter } = await aGate(world);
    door.decide((path) =>
      isSnapshot(path)
        ? {
            headers: { 'modelgate-signature': foreign.gate.snapshot().signature ?? '' },
            body: foreign.gate.snapshot().snapshot,
          }
        : 'pass',
    );

    await expect(enter()).rejects.toMatchObject({ code: 'BAD_SNAPSHOT' });
  });
});

describe('a bootstrap', () => {
  const aFile = () => join(tmpdir(), `modelgate-sdk-${crypto.randomUUID()}.json`);

  it('is kept up to date in its file, and read while the service is away', async () => {
    const world = await aWorld();
    const bootstrap = aFile();
    const { gate, door, enter } = await aGate(world, { bootstrap });
    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);
    await gate.close();

    door.decide(() => 'cut');
    const { gate: next } = await enter();
    const meanwhile = next.decide({ model: 'gpt-4o' });
    await disable(world, 'gpt-4.1');
    door.decide(() => 'pass');
    await until(() => !next.decide({ model: 'gpt-4.1' }).allowed);

    expect(meanwhile).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
    expect((await stat(bootstrap)).mode & 0o777).toBe(0o600);
    expect(await readFile(bootstrap, 'utf8')).not.toContain('mgk_');
  });

  it('is a snapshot that no older one replaces, nor one without its signature, after a restart', async () => {
    const world = await aWorld();
    const { gate, door, enter } = await aGate(world);
    const old = gate.snapshot();
    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);
    // As a file of last week is: too old to decide by.
    const bootstrap = { ...gate.snapshot(), confirmedAt: '2020-01-01T00:00:00.000Z' };
    const answers = (headers: Record<string, string>) =>
      door.decide((path) => (isSnapshot(path) ? { headers, body: old.snapshot } : 'pass'));

    answers({ etag: old.etag, 'modelgate-signature': old.signature ?? '' });
    await expect(enter({ bootstrap })).rejects.toMatchObject({ code: 'OLDER_SNAPSHOT' });
    answers({ etag: old.etag });
    await expect(enter({ bootstrap })).rejects.toMatchObject({ code: 'BAD_SIGNATURE' });
    door.decide(() => 'pass');
    const { gate: next } = await enter({ bootstrap });

    expect(next.decide({ model: 'gpt-4o' }).reasons).toEqual(['MODEL_DISABLED']);
    expect(next.staleMs).toBeLessThan(20_000);
  });

  it('that is no such file does not keep the service from being asked', async () => {
    const { enter } = await aGate(await aWorld());

    for (const broken of [{}, { format: 1, keys: 'none' }]) {
      const { gate } = await enter({ bootstrap: broken as never });
      expect(gate.decide({ model: 'gpt-4o' }).allowed).toBe(true);
    }
  });

  it('is not used while the service answers, nor where it is too old, of the future, changed or broken', async () => {
    const world = await aWorld();
    const bootstrap = aFile();
    const { gate, door, enter } = await aGate(world);
    const kept = gate.snapshot();
    await disable(world, 'gpt-4o');

    const { gate: present } = await enter({ bootstrap: kept });
    expect(present.decide({ model: 'gpt-4o' }).allowed).toBe(false);

    door.decide(() => 'cut');
    const { gate: away } = await enter({ bootstrap: kept });
    expect(away.decide({ model: 'gpt-4o' }).allowed).toBe(true);
    expect(away.staleMs).toBeGreaterThan(0);
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const refused = [
      { ...kept, confirmedAt: at(-61_000) },
      { ...kept, confirmedAt: at(61_000) },
      { ...kept, confirmedAt: 'soon' },
      { ...kept, snapshot: kept.snapshot.replace('"revision":1', '"revision":9') },
      { ...kept, catalog: kept.catalog.replace('gpt-4o', 'gpt-5o') },
      {} as never,
    ];
    for (const one of refused) {
      await writeFile(bootstrap, JSON.stringify(one));
      await expect(enter({ bootstrap })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    await writeFile(bootstrap, '{');
    await expect(enter({ bootstrap, onStale: 'last' })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(enter({ bootstrap: aFile() })).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});
