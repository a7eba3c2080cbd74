import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Measurements, RoundOptions } from './rounds.ts';
import { format, legendOf, tableOf } from './table.ts';
import type { Verdict } from './verdict.ts';
import type { World } from './world.ts';

/** All that was found, as Markdown. */
export async function reportOf(
  world: World,
  measurements: Measurements,
  verdicts: readonly Verdict[],
): Promise<string> {
  const rounds = measurements.size > 0 ? [tableOf(measurements), legendOf(measurements)] : [];
  return [await circumstances(world), ...rounds, verdictsOf(verdicts)].join('\n\n');
}

/** Puts a report where it is kept. */
export async function writeResults(
  report: string,
  begun: Date,
  { rounds, seconds, startSeconds, warmUpSeconds, accessOrganizations }: Omit<RoundOptions, 'only' | 'say'>,
): Promise<void> {
  const date = begun.toISOString().slice(0, 10);
  const text = `# Results

Of \`npm run bench\` on ${date}: ${rounds} rounds of ${seconds} s each, after ${startSeconds} s at least to warm a process
up and ${warmUpSeconds} s in each further scenario; \`access\` is of ${accessOrganizations} organizations × 100 models. What is measured, and how, is in
[README.md](README.md).

${report}
`;
  await writeFile(join(import.meta.dirname, 'RESULTS.md'), text);
}

/** What was reached. */
function verdictsOf(verdicts: readonly Verdict[]): string {
  const word = { true: 'reached', false: '**NOT reached**', undefined: '' };
  return format([
    ['what', 'is', 'to reach', ''],
    ...verdicts.map(({ title, value, needed = '', isReached }) => [title, value, needed, word[`${isReached}`]]),
  ]);
}

/** What it was measured with: nothing of it says whose machine it was. */
async function circumstances({ owner }: World): Promise<string> {
  const { rows } = await owner.query<{ server_version: string }>('SHOW server_version');
  const cores = cpus();
  const peers = ['postgraphile', 'mercurius', 'fastify', 'pg'].map((name) => `${name} ${versionOf(name)}`);
  return [
    `- ${cores.length} cores (${cores[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform} ${process.arch}`,
    `- Node ${process.versions.node}, PostgreSQL ${rows[0]?.server_version}`,
    `- ${peers.join(', ')}`,
  ].join('\n');
}

function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'node_modules', name, 'package.json'), 'utf8')).version;
}
