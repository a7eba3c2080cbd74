import { openSync } from 'node:fs';
import { join } from 'node:path';
import { variableNames } from '../src/environment/environment.ts';
import { compiled, exchange, startNode, stop } from './child.ts';
import { catalogFile } from './fill.ts';
import type { Contender } from './processes/question.ts';
import type { Usage } from './processes/report.ts';
import type { World } from './world.ts';

/** A contender that answers. */
export interface Running {
  url: string;
  /** What its process has used so far. */
  usage: () => Promise<Usage>;
  stop: () => Promise<void>;
}

export interface StartOptions {
  /** Variables on top of those of production. */
  env?: Record<string, string>;
  /** A folder for a profile of its CPU. */
  profile?: string | undefined;
  /** In the place of the world's. */
  databaseUrl?: string;
  /** What Node is told to run, in the place of the contender as it is built. */
  program?: readonly string[];
}

const script: Record<Contender, string> = {
  modelgate: join(import.meta.dirname, '../bin/modelgate.cjs'),
  postgraphile: compiled('peers/postgraphile.js'),
  mercurius: compiled('peers/mercurius.js'),
  plain: compiled('processes/plain.js'),
};

// Counted all the same: only nobody ever spends so many.
const limits = { RATE_LIMIT_POINTS: '999999999', RATE_LIMIT_ADDRESS_POINTS: '999999999' };

/**
 * The service so that it has forgotten an organization, a user of its own and an answer when their turn comes again, where a
 * thousand are asked about in turn; of somebody who asks all the time it knows who it is.
 */
export const forgetful = { CACHE_ENTRIES: '500' };

/** Starts a contender as one process on the world's database, as one would in production, and waits until it answers. */
export async function startContender(
  contender: Contender,
  world: World,
  { env = {}, profile, databaseUrl = world.databaseUrl, program = [script[contender]] }: StartOptions = {},
): Promise<Running> {
  const isService = contender === 'modelgate';
  const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  // A file takes what the service logs of each request; the peers log nothing.
  const log = openSync(join(world.folder, `${contender}.log`), 'w');
  const child = startNode(
    [...flags, '--import', compiled('processes/report.js'), ...program, ...(isService ? ['serve'] : [])],
    {
      cwd: world.folder,
      stdio: ['ignore', log, 'pipe', 'ipc'],
      env: {
        ...process.env,
        ...Object.fromEntries(variableNames.map((name) => [name, ''])),
        NODE_ENV: 'production',
        DATABASE_URL: databaseUrl,
        ...(isService ? { ...world.auth, ...limits, HOST: '127.0.0.1', PORT: '0' } : { CATALOG: catalogFile }),
        ...env,
      },
    },
  );
  const url = await new Promise<string>((resolve, reject) => {
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const found = /ready: (http:\/\/[^/\s]+)/i.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`${contender} has ended, saying: ${said}`)));
  });
  return { url, usage: () => exchange(child, {}), stop: () => stop(child) };
}
