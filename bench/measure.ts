import { compiled, exchange, startNode } from './child.ts';
import type { Running } from './contender.ts';
import { catalogFile } from './fill.ts';
import type { Load, Outcome } from './processes/load.ts';
import type { Told } from './processes/loader.ts';
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

/** In s: asking all questions of a scenario once ends long before, also on a slow machine. */
const walkSeconds = 3_600;

/**
 * Asks for so long at least, until caches are filled and the code is compiled; with `each` all questions once first, and
 * says how many these were.
 */
export async function warmUp(world: World, running: Running, asked: Asked): Promise<number> {
  const begun = performance.now();
  const { each, ...any } = asked;
  const walked = each ? (await load(world, running, { ...asked, seconds: walkSeconds })).requests : 0;
  const seconds = asked.seconds - (performance.now() - begun) / 1000;
  if (seconds > 0) await load(world, running, { ...any, seconds });
  return walked;
}

export async function measure(world: World, running: Running, asked: Asked): Promise<Measurement> {
  const before = await running.usage();
  const outcome = await load(world, running, asked);
  const after = await running.usage();
  return { ...outcome, cpu: (after.cpu - before.cpu) / outcome.requests, rss: after.rss };
}
