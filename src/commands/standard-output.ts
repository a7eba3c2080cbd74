import { codeOf } from '../errors/error-code.ts';

/**
 * Makes a process fail, with a sentence, whose standard output cannot be written. Whoever has ended reading it, as `head` does, needs
 * none. A command that has failed by itself has said why.
 */
export function watchStandardOutput(): void {
  let code: string | undefined;
  process.stdout.on('error', (error) => {
    code ??= codeOf(error);
  });
  process.once('exit', () => {
    if (code === undefined || process.exitCode === 1) return;
    process.exitCode = 1;
    if (code !== 'EPIPE') process.stderr.write(`The standard output cannot be written (${code}).\n`);
  });
}
