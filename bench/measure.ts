import { compiled, exchange, startNode } from './child.ts';
import type { Running } from './contender.ts';
import { catalogFile } from './fill.ts';
import type { Load, Outcome } from './processes/load.ts';
import type { Told } from './processes/loader.ts';
import type { Contender, Scenario } from './processes/question.ts';
import type { World } from './world.ts';

/** What a scenario cost a contender. */
export interface Measurement extends Outcome {
  /** CPU of a request, in µs. */
  cpu: number;
  /** Of the process at the end of it, in bytes. */
  rss: number;
}

type Asked = Omit<Load, 'url' | 'catalog' | 'seed' | 'organizations' | 'tokens'> & Partial<Load>;

let loader: ReturnType<typeof startNode> | undefined;
let seed = 0;

/** Puts a contender under load from a second process; throws at the first wrong answer. */
export async function load(world: World, { url }: Running, asked: Asked): Promise<Outcome> {
  loader ??= startNode([compiled('processes/loader.js')], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  seed += 1;
  const whole: Load = {
    url,
    catalog: catalogFile,
    seed,
    organizations: world.size,
    // The peers do not ask who is there.
    ...(asked.contender === 'modelgate' ? { tokens: world.tokens } : {}),
    ...asked,
  };
  const told = await exchange<Told>(loader, whole);
  if ('fault' in told) throw new Error(told.fault);
  return told.outcome;
}

/** Warms a contender up, then measures. */
export async function measure(
  world: World,
  running: Running,
  asked: Asked & { contender: Contender; scenario: Scenario; warmUpSeconds: number },
): Promise<Measurement> {
  const { warmUpSeconds, ...measured } = asked;
  if (warmUpSeconds > 0) await load(world, running, { ...measured, seconds: warmUpSeconds });
  const before = await running.usage();
  const outcome = await load(world, running, measured);
  const after = await running.usage();
  return { ...outcome, cpu: (after.cpu - before.cpu) / outcome.requests, rss: after.rss };
}
