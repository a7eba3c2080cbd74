import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownFolder, postmasterOf, run, runs } from './process.ts';

describe('serve, that does not come to answer', () => {
  it.each([
    ['SIGTERM to it', (pid: number) => process.kill(pid, 'SIGTERM')],
    ['Ctrl-C, which also reaches what it has started', (pid: number) => process.kill(-pid, 'SIGINT')],
  ])('while it starts, leaves nothing behind: %s', async (_how, stop) => {
    const folder = await ownFolder();
    const service = runs(['serve'], { env: { DATA_DIR: folder, PORT: '0' }, detached: true });
    const { pid } = service.child;
    await service.says(/Creating a PostgreSQL cluster/);

    if (pid !== undefined) stop(pid);
    const outcome = await service.outcome;

    expect(outcome).toMatchObject({ code: 0, stdout: '' });
    expect(outcome.stderr).toBe(`Creating a PostgreSQL cluster in ${folder}/postgres.\n`);
    expect(await postmasterOf(folder).catch(() => 'none')).toBe('none');
    expect(await readdir(folder)).not.toContain('postgres.lock');
  });

  it('refuses a data folder that is a file', async () => {
    const file = join(await ownFolder(), 'letter');
    await writeFile(file, 'Dear');

    expect(await run(['serve'], { env: { DATA_DIR: file, PORT: '0' } })).toEqual({
      code: 1,
      stdout: '',
      stderr: `The data folder ${file}/postgres cannot be used: a part of its path is a file. Mend that, or set DATA_DIR to another folder.\n`,
    });
  });

  it('refuses a host that is none of this machine', async () => {
    const { code, stderr } = await run(['serve'], { env: { HOST: '192.0.2.1', DATA_DIR: await ownFolder() } });

    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'This machine has no address "192.0.2.1". Set HOST to one it has, such as localhost.\n',
    });
  });
});
