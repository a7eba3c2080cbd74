import { type DestinationStream, type Logger, pino, symbols } from 'pino';

/** Lines are buffered until they have this many characters, or until the first of them is this old, in ms. */
const maxBufferLength = 16_000;
const maxDelayMs = 500;

const errorLevel = pino.levels.values.error ?? 50;

/**
 * The log of the process, on its standard output. Lines are buffered, so that most need no system call. The buffer is flushed
 * at an error, and when the process exits, except by a signal that cannot be handled.
 */
export function openLog(level: string): Logger {
  const options = { level, base: null, timestamp: isoTime };
  return pino(options, buffered(pino.destination({ sync: true })));
}

let writtenMs = 0;
let writtenTime = '';

/** As Pino's own, but the text is cached for the current millisecond. */
function isoTime(): string {
  const now = Date.now();
  if (now !== writtenMs) {
    writtenMs = now;
    writtenTime = `,"time":"${new Date(now).toISOString()}"`;
  }
  return writtenTime;
}

/** Pino's own buffer measures all its content at each line, which takes longer than the system call that it saves. */
function buffered(output: DestinationStream) {
  let buffer = '';
  let timeout: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timeout);
    timeout = undefined;
    if (buffer === '') return;
    const lines = buffer;
    buffer = '';
    output.write(lines);
  };
  process.once('exit', flush);
  return {
    // Asks Pino to set `lastLevel` to the level of each line.
    [symbols.needsMetadataGsym]: true as const,
    lastLevel: 0,
    write(line: string) {
      buffer += line;
      timeout ??= setTimeout(flush, maxDelayMs).unref();
      if (this.lastLevel >= errorLevel || buffer.length >= maxBufferLength) flush();
    },
  };
}
