import { setTimeout as sleep } from 'node:timers/promises';
import { type Attack, ask } from './request.ts';
import type { Subject } from './subject.ts';
import { exchange, neglect, type Received } from './wire.ts';

/** What an attack came to: the most of its repetitions. */
export interface Damage {
  received: Received;
  size: number | undefined;
  /** In ms, of all threads. */
  cpu: number;
  /** Of the process's peak, in MB. */
  growth: number;
  isDead: boolean;
}

const repetitions = 3;
const longestMs = 20_000;
/** What takes so much CPU, in ms, need not be repeated. */
const longEnough = 5_000;
/** What an answer may hold that was refused: it is no measure of what the service lets in. */
const refusals = /"code":"|"error"|does not exist|HTTP\/1\.1 [45]/;

let attempts = 0;

export async function suffer(subject: Subject, attack: Attack, token: string | undefined): Promise<Damage> {
  const host = `127.0.0.1:${subject.port}`;
  const damage: Damage = {
    received: { status: 0, bytes: 0, text: '' },
    size: undefined,
    cpu: 0,
    growth: 0,
    isDead: false,
  };
  const { sizes = [0] } = attack;
  for (const size of sizes) {
    const isLast = size === sizes.at(-1);
    for (let repetition = 0; repetition < repetitions && !damage.isDead; repetition += 1) {
      attempts += 1;
      const request = attack.request({ host, token, attempt: attempts, size });
      await subject.cleanUp();
      await warmUp(subject, token, 3);
      const single = await attackOnce(subject, attack, request);
      damage.received = single.received;
      damage.isDead = !subject.isRunning();
      // What is refused may have taken most of its work by then.
      damage.cpu = Math.max(damage.cpu, single.cpu);
      damage.growth = Math.max(damage.growth, single.growth);
      if (refusals.test(single.received.text) && !isLast) break;
      damage.size = attack.sizes && size;
      if (single.cpu > longEnough) break;
    }
    if (damage.size !== undefined || damage.isDead) break;
  }
  return damage;
}

const ordinary = ask(
  `{ caller { kind memberships(first: 1) { organization {
       id modelSettings { revision updatedBy { id } } members(first: 1) { edges { node { user { name } } } }
       revisions(first: 1) { edges { node { number actor { id } } } } } } } }`,
);

/** As an application asks that goes on meanwhile: else what is measured is what it takes to begin. */
export async function warmUp(subject: Subject, token: string | undefined, times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const request = ordinary({ host: 'localhost', token, attempt: 0, size: 0 });
    await exchange(subject.port, request, longestMs);
  }
}

/** What one request has cost: of many at a time, its part. */
async function attackOnce(subject: Subject, { unread, readMs = longestMs }: Attack, request: Buffer) {
  await subject.resetPeak();
  const [cpu, { now }] = [await subject.cpu(), await subject.memory()];
  const received = unread
    ? await neglect(subject.port, request, unread, readMs)
    : await exchange(subject.port, request, readMs);
  // Some work goes on when the answer is there.
  await sleep(20);
  if (!subject.isRunning()) return { received, cpu: Number.NaN, growth: Number.NaN };
  const [used, { peak }] = [await subject.cpu(), await subject.memory()];
  const requests = unread ?? 1;
  return { received, cpu: (used - cpu) / requests, growth: (peak - now) / requests };
}
