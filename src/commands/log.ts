import { type DestinationStream, type Logger, pino, symbols } from 'pino';

/** Lines are written together when they have so many characters, or when the first of them has waited so many ms. */
const batchLength = 16_000;
const longestWaitMs = 500;

const errorLevel = pino.levels.values.error ?? 50;

/**
 * The log of the process, on its standard output. Most lines cost no system call: they are written together, at the end of
 * the process too, however it ends but for a signal that cannot be heeded; an error is written at once.
 */
export function openLog(level: string): Logger {
  const options = { level, base: null, timestamp: isoTime };
  return pino(options, inBatches(pino.destination({ sync: true })));
}

let writtenMs = 0;
let writtenTime = '';

/** As Pino's own, but for what was written in this very millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== writtenMs) {
    writtenMs = now;
    writtenTime = `,"time":"${new Date(now).toISOString()}"`;
  }
  return writtenTime;
}

/** Pino's own buffer measures all that waits with each line, which costs more than the system call that it saves. */
function inBatches(output: DestinationStream) {
  let waiting = '';
  let timeout: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timeout);
    timeout = undefined;
    if (waiting === '') return;
    const lines = waiting;
    waiting = '';
    output.write(lines);
  };
  process.once('exit', flush);
  return {
    // So that Pino says of which level a line is.
    [symbols.needsMetadataGsym]: true as const,
    lastLevel: 0,
    write(line: string) {
      waiting += line;
      timeout ??= setTimeout(flush, longestWaitMs).unref();
      if (this.lastLevel >= errorLevel || waiting.length >= batchLength) flush();
    },
  };
}
