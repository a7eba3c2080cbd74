import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import { dumpDatabase } from '../database/backup/dump.ts';
import { explainFileFault } from '../database/backup/file-fault.ts';
import type { Header, Trailer } from '../database/backup/format.ts';
import { writeNewFile } from '../database/backup/new-file.ts';
import { codeOf } from '../errors/error-code.ts';
import { commandLine } from '../program.ts';
import { describeBackup } from './backup-summary.ts';
import { type Command, UsageError } from './command.ts';
import { withConnection } from './connection.ts';
import { withDatabase } from './embedded-database.ts';
import { readOwnEnvironment } from './own-environment.ts';
import { showProgress, sizeOf } from './progress.ts';
import { say } from './say.ts';
import { untilStopped } from './until-stopped.ts';

const usage = `Usage: ${commandLine('backup', '[--out FILE]')}

Writes all data of Modelgate in DATABASE_URL, or in the embedded database of DATA_DIR, to a compressed file, as of one
moment. The service goes on meanwhile. The name of the file is printed. ${commandLine('restore', 'FILE')} restores it.

  --out    the file, which must not exist; "-" is the standard output (default: modelgate-<time>.backup)

Provider keys stay sealed in it. The master keys are not in it: keep MASTER_KEYS (embedded: DATA_DIR/master-keys) in
another place, without which provider keys do not open. Everything else in it can be read: only its owner may.
`;

export const backup: Command = {
  usage,
  run: async (parameters) => {
    const { values } = parseArgs({ args: parameters, options: { out: { type: 'string' } } });
    const out = values.out ?? `modelgate-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}.backup`;
    if (out === '') throw new UsageError('--out names no file.');
    if (out === '-' && process.stdout.isTTY)
      throw new UsageError('A backup is no text: send it to a file, or a program.');

    const environment = readOwnEnvironment({ needsAuth: false });
    const written = await untilStopped(
      (stop) => withDatabase(environment, (url) => withConnection(url, (client) => write(client, out, stop), { stop })),
      () => 'No backup was written.',
    );
    for (const line of describeBackup(written)) say(line);
    if (out !== '-') process.stdout.write(`${out}\n`);
  },
};

async function write(client: pg.Client, out: string, signal: AbortSignal): Promise<Header & Trailer> {
  let place = '';
  let rows = 0;
  let header: Header | undefined;
  let trailer: Trailer | undefined;
  const content = dumpDatabase(client, {
    log: say,
    onHeader: (found) => {
      header = found;
    },
    onRows: (table, count) => {
      place = table;
      rows += count;
    },
    onEnd: (found) => {
      trailer = found;
    },
  });
  const compressed = createGzip();
  let bytes = 0;
  compressed.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  const writeTo = (destination: Writable) =>
    pipeline(content, compressed, destination, { signal, end: destination !== process.stdout });
  const stopProgress = showProgress(() => `Backing up ${place}: ${rows} rows, ${sizeOf(bytes)}`);
  await (out === '-' ? toStandardOutput(writeTo) : writeNewFile(out, writeTo)).finally(stopProgress);
  if (!header || !trailer) throw new UsageError('The backup was not written to its end.');
  return { ...header, ...trailer };
}

async function toStandardOutput(writeTo: (destination: Writable) => Promise<void>): Promise<void> {
  try {
    await writeTo(process.stdout);
  } catch (error) {
    if (codeOf(error) === 'EPIPE') throw new UsageError('Whoever read the backup has ended before it was whole.');
    throw explainFileFault(error, 'The backup cannot be written');
  }
}
