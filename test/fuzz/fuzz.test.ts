import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { callNames, callsOn, type Described31 } from './calls.ts';
import { faultsOf, isSuccess } from './faults.ts';
import { brokenRules, rowsOf } from './invariants.ts';
import { rootFields } from './operations.ts';
import { operationsOn } from './request.ts';
import { type Scene, setScene } from './scene.ts';
import { createSender } from './send.ts';
import { createValues, newSecret } from './values.ts';

// FUZZ_SEED=7 sends other requests, FUZZ_REQUESTS=20000 more of them.
const seed = Number(process.env.FUZZ_SEED ?? 12);
const requests = Number(process.env.FUZZ_REQUESTS ?? 2_800);
const lanes = 4;
const operationsOfTen = 6;
/** A failure ends the search for a smaller one after this time. */
const longestMs = 60_000 + 25 * requests;

const service = await startService({ limits: { viewerPoints: 0, addressPoints: 0 } });
const { url, close } = await listenOnLoopback(service.listener);
const sender = createSender(url);
afterAll(() => {
  sender.close();
  close();
});
const document: Described31 = await (await fetch(`${url}/v1/openapi.json`)).json();
const scenes = await Promise.all(Array.from({ length: lanes }, () => setScene(service)));
const foreignRows = await Promise.all(scenes.map(({ foreignOrganization }) => rowsOf(service.db, foreignOrganization)));

/** How often each thing was asked for, and how often it was answered without an error. */
const asked = new Map<string, number>();
const done = new Map<string, number>();
const count = (counts: Map<string, number>, about: string) => counts.set(about, (counts.get(about) ?? 0) + 1);

/** Requests of one scene, one after another; where an answer is wrong it looks for the smallest request that has such a one. */
async function fuzz(scene: Scene, lane: number): Promise<void> {
  const values = createValues(scene);
  const request = fc.oneof(
    { weight: operationsOfTen, arbitrary: operationsOn(scene, values) },
    { weight: 10 - operationsOfTen, arbitrary: callsOn(scene, values, document) },
  );
  const property = fc.asyncProperty(request, async (sent) => {
    const answer = await sender.send(sent, scene);
    count(asked, sent.about);
    if (isSuccess(answer)) count(done, sent.about);
    const faults = faultsOf(sent, answer, scene);
    if (faults.length > 0) throw new Error(`${faults.join('. ')}: ${answer.status} ${answer.text.slice(0, 2_000)}`);
  });
  await fc.assert(property, {
    seed: seed + lane,
    numRuns: Math.ceil(requests / lanes),
    interruptAfterTimeLimit: longestMs,
    includeErrorInReport: true,
  });
}

describe(`requests at random (FUZZ_SEED=${seed})`, () => {
  it(
    'are all answered as they may be',
    async () => {
      const outcomes = await Promise.allSettled(scenes.map(fuzz));

      const faults = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [String(outcome.reason)] : []));
      expect(faults).toEqual([]);
    },
    2 * longestMs,
  );

  it('leave no error in the log, and no secret', () => {
    const lines = service.logLines();
    const text = JSON.stringify(lines);

    expect(lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
    expect(scenes.flatMap(({ secrets }) => secrets).filter((secret) => text.includes(secret))).toEqual([]);
    expect(text).not.toMatch(newSecret);
  });

  it('break no rule, and change nothing of another organization', async () => {
    for (const [index, scene] of scenes.entries()) {
      expect(await brokenRules(service.db, scene)).toEqual([]);
      expect(await rowsOf(service.db, scene.foreignOrganization)).toEqual(foreignRows[index]);
    }
  });

  it('ask for everything, and get a good part of it', () => {
    const all = [...rootFields.map(({ name }) => name), ...callNames(document)];
    const sum = (counts: Map<string, number>) => [...counts.values()].reduce((total, some) => total + some, 0);
    expect(all.filter((name) => (asked.get(name) ?? 0) < 10)).toEqual([]);
    expect(all.filter((name) => !done.has(name)).length).toBeLessThan(all.length / 10);
    expect(sum(done) / sum(asked)).toBeGreaterThan(0.3);
  });
});
