import { generateKeyPairSync } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { parseSigningKey } from '../../src/domain/checkpoints/signing-key.ts';
import { connect } from '../../src/sdk/connect.ts';
import type { ConnectOptions, PublicKey } from '../../src/sdk/types.ts';
import { openDoor } from '../kit/door.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';
import { launch, ownFolder, run } from './process.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const signingKey = parseSigningKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
const service = await startService({ signingKey, heartbeats: { heartbeatMs: 120 } });
const { aWorld, ask, snapshotHub } = service;
const { url: target, close } = await listenOnLoopback(service.listener);
afterAll(close);

/** A relay of a world's organization, behind a door to the service. */
async function aRelay(world: World, parameters: string[] = []) {
  const door = await openDoor(target);
  onTestFinished(door.close);
  const { token } = await anApiKey(service, world, ['READ']);
  const start = async () => {
    const given = ['--org', world.organization.id, '--url', door.url, '--port', '0', ...parameters];
    const relay = launch(['relay', ...given], { env: { MODELGATE_TOKEN: token } });
    onTestFinished(() => void relay.child.kill('SIGKILL'));
    const [, url = ''] = await relay.says(/ready: (http:\S+)/);
    return { ...relay, url };
  };
  return { door, token, start, ...(await start()) };
}

async function gateAt(url: string, world: World, token: string, options: Partial<ConnectOptions> = {}) {
  const given = { url, apiKey: token, organizationId: world.organization.id, pollMs: 200 };
  const gate = await connect({ ...given, ...options });
  onTestFinished(() => gate.close());
  return gate;
}

const disable = ({ organization, admin }: World, model: string) =>
  ask(UpdateSettings, { input: { organizationId: organization.id, disabledModels: [model] } }, { as: admin });
const until = (isSo: () => boolean) => vi.waitUntil(isSo, { timeout: 20_000 });

describe('modelgate relay', () => {
  it('passes changes on to many by one stream, with the signature of the service', async () => {
    const world = await aWorld();
    const before = snapshotHub.open;
    const { url, token } = await aRelay(world);
    const pinned = { publicKey: publicKey.export({ format: 'jwk' }) as PublicKey };
    const gates = await Promise.all([
      ...Array.from({ length: 10 }, () => gateAt(url, world, token)),
      gateAt(url, world, token, pinned),
    ]);
    await until(() => snapshotHub.open === before + 1);

    await disable(world, 'gpt-4o');
    await until(() => gates.every((gate) => !gate.decide({ model: 'gpt-4o' }).allowed));
    await until(() => gates.every(({ staleMs }) => staleMs < 1_000));

    expect(snapshotHub.open).toBe(before + 1);
    const health = await fetch(`${url}/health`);
    expect(await health.json()).toMatchObject({ status: 'ok', revision: gates[0]?.revision, streams: 11 });
    expect((await fetch(`${url}/catalog/0`)).status).toBe(404);
  });

  it('takes its own API key alone, and tells of no subjects but its own', async () => {
    const world = await aWorld();
    const { url, token } = await aRelay(world, ['--subjects', world.member.id]);
    const { token: another } = await anApiKey(service, world, ['READ']);
    const path = `${url}/v1/organizations/${world.organization.id}/snapshot`;
    const statusOf = async (address: string, bearer?: string, method = 'GET') =>
      (await fetch(address, { method, headers: bearer ? { authorization: `Bearer ${bearer}` } : {} })).status;

    expect(await statusOf(path)).toBe(401);
    expect(await statusOf(`${path}/stream`, another)).toBe(401);
    expect(await statusOf(`${path}?subjects=${world.owner.id}`, token)).toBe(422);
    expect(await statusOf(path.replace(world.organization.id, 'org_other'), token)).toBe(404);
    expect(await statusOf(path, token, 'POST')).toBe(405);
    expect(await statusOf(`${url}//`)).toBe(400);
    const gate = await gateAt(url, world, token, { subjects: [world.member.id] });
    expect(JSON.parse(gate.snapshot().snapshot).subjects).toMatchObject({ [world.member.id]: { role: 'MEMBER' } });
  });

  it('does not make the snapshot younger than it is, and begins with its file while the service is away', async () => {
    const world = await aWorld();
    const file = join(await ownFolder(), 'relay.json');
    const { url, token, door, child, outcome, start } = await aRelay(world, ['--file', file]);
    const gate = await gateAt(url, world, token, { maxStaleMs: 3_000 });
    await disable(world, 'gpt-4o');
    await until(() => !gate.decide({ model: 'gpt-4o' }).allowed);

    door.decide(() => 'cut');
    await until(() => gate.decide({ model: 'gpt-4.1' }).reasons[0] === 'STALE');
    const late = await gateAt(url, world, token, { maxStaleMs: 3_000 });
    child.kill('SIGTERM');
    const ended = await outcome;
    const next = await start();
    const stale = await gateAt(next.url, world, token, { maxStaleMs: 3_000 });
    const decisions = [late, stale].map((one) => one.decide({ model: 'gpt-4o' }));
    door.decide(() => 'pass');
    await until(() => stale.decide({ model: 'gpt-4.1' }).allowed);

    expect(ended.code).toBe(0);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(decisions.map(({ reasons }) => reasons)).toEqual(Array(2).fill(['STALE', 'MODEL_DISABLED']));
    expect(next.output.stderr).not.toContain(token);
  });

  it('says what it lacks, and starts with nothing else', async () => {
    const world = await aWorld();
    const { token } = await anApiKey(service, world, ['USAGE_WRITE']);
    const to = ['relay', '--org', world.organization.id, '--url', target, '--port', '0'];

    const outcomes = [
      await run(['relay']),
      await run([...to.slice(0, -2), '--port', 'x'], { env: { MODELGATE_TOKEN: token } }),
      await run(to, { env: { MODELGATE_TOKEN: token } }),
      await run(['relay', '--help']),
      await run([...to.slice(0, -2), '--port', new URL(target).port], { env: { MODELGATE_TOKEN: token } }),
    ];

    expect(outcomes.map(({ code }) => code)).toEqual([1, 1, 1, 0, 1]);
    const [which, port, refused, help, inUse] = outcomes;
    expect(which?.stderr).toContain('Which organization?');
    expect(port?.stderr).toContain('--port must be a number');
    expect(refused?.stderr).toMatch(/403.*nothing to pass on/s);
    expect(help?.stdout).toContain('--token-file');
    const another = Number(new URL(target).port) + 1;
    expect(inUse?.stderr).toContain(
      `set --port to another: npm run relay -- --org ${world.organization.id} --port ${another}\n`,
    );
  });
});
