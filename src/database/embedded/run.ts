import { spawn } from 'node:child_process';
import type { Account } from './account.ts';

/** What a PostgreSQL program is given: never the service's environment, which holds secrets and PG… variables. */
export function spawnOptions(account: Account | undefined) {
  const { PATH, LD_LIBRARY_PATH } = process.env;
  return {
    // The account may not be able to enter the present folder.
    cwd: '/',
    env: { LC_ALL: 'C', ...(PATH && { PATH }), ...(LD_LIBRARY_PATH && { LD_LIBRARY_PATH }) },
    ...(account && { uid: account.uid, gid: account.gid }),
  };
}

/** Runs a program to its end, as the account; resolves to what it wrote to stderr, or why it could not be run. */
export function run(program: string, parameters: string[], account: Account | undefined, input = '') {
  return new Promise<{ ok: boolean; errors: string }>((resolve) => {
    const child = spawn(program, parameters, { ...spawnOptions(account), stdio: ['pipe', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    // A program that ends before it has read its input is told of by its exit code.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    child.on('error', (error) => resolve({ ok: false, errors: error.message }));
    child.on('close', (code) => resolve({ ok: code === 0, errors: errors.trim() }));
  });
}
