import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  MasterKeysError,
  newMasterKey,
  openLocalMasterKeys,
  parseMasterKeys,
} from '../../src/domain/vault/master-keys.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

const good = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString('base64');

function faultsOf(text: string): readonly string[] {
  try {
    parseMasterKeys(text);
    return [];
  } catch (error) {
    if (!(error instanceof MasterKeysError)) throw error;
    return error.faults;
  }
}

async function aFolder(): Promise<string> {
  const { folder, remove } = await temporaryFolder();
  onTestFinished(remove);
  return folder;
}

const exported = (keys: Awaited<ReturnType<typeof openLocalMasterKeys>>) =>
  keys.map(({ id, key }) => `${id}:${key.export().toString('base64')}`);

describe('parseMasterKeys', () => {
  it('reads one key or several, in their order', () => {
    const [second, third] = [newMasterKey('b.2'), newMasterKey('c-3')];

    expect(exported(parseMasterKeys(`a:${good}`))).toEqual([`a:${good}`]);
    expect(exported(parseMasterKeys(`a:${good}, ${second},${third}`))).toEqual([`a:${good}`, second, third]);
  });

  it.each([
    ['', 'key 1 is not written as id:base64'],
    [good, 'key 1 is not written as id:base64'],
    [`:${good}`, 'key 1 is not written as id:base64'],
    [`a b:${good}`, 'key 1 is not written as id:base64'],
    ['a:hunter2!', 'key 1 is not written in base64'],
    [`a:${good.slice(0, -1)}`, 'key 1 is not written in base64'],
    [`a:${Buffer.alloc(31, 'hunter2').toString('base64')}`, 'key 1 must have 32 bytes, not 31'],
    [`a:${Buffer.alloc(33, 'hunter2').toString('base64')}`, 'key 1 must have 32 bytes, not 33'],
    ['a:', 'key 1 must have 32 bytes, not 0'],
    [`a:${Buffer.alloc(32).toString('base64')}`, 'key 1 repeats one byte, so it is no secret'],
    [`a:${Buffer.alloc(32, 7).toString('base64')}`, 'key 1 repeats one byte, so it is no secret'],
    [`${'a'.repeat(65)}:${good}`, 'key 1 is not written as id:base64'],
    [`a:${good},`, 'key 2 is not written as id:base64'],
    [`a:${good},${newMasterKey('a')}`, 'key 2 has the id of one before it'],
  ])('refuses "%s"', (text, fault) => {
    expect(faultsOf(text)).toEqual([fault]);
  });

  it('names every fault, and repeats nothing of what was given', () => {
    const faults = faultsOf('hunter2,a:hunter2,b:aHVudGVyMg==');

    expect(faults).toEqual([
      'key 1 is not written as id:base64',
      'key 2 is not written in base64',
      'key 3 must have 32 bytes, not 7',
    ]);
  });

  it('keeps the bytes where neither a log nor an inspection prints them', () => {
    const keys = parseMasterKeys(`a:${good}`);

    expect(JSON.stringify(keys)).not.toContain(good.slice(0, 8));
  });
});

describe('openLocalMasterKeys', () => {
  it('makes one key, which its owner alone can read, and finds it again', async () => {
    const folder = join(await aFolder(), 'new');

    const first = await openLocalMasterKeys(folder);

    expect(exported(await openLocalMasterKeys(folder))).toEqual(exported(first));
    expect((await stat(join(folder, 'master-keys'))).mode & 0o777).toBe(0o600);
    expect(first.map(({ id }) => id)).toEqual(['embedded']);
  });

  it('makes one also for several processes that start at once', async () => {
    const folder = await aFolder();

    // Some begin while others write or have written.
    const opened = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        for (let turn = 0; turn < index; turn += 1) await new Promise(setImmediate);
        return openLocalMasterKeys(folder);
      }),
    );

    expect(new Set(opened.map((keys) => exported(keys).join())).size).toBe(1);
  });

  it('leaves a file alone that it cannot read, and names it without what is in it', async () => {
    const folder = await aFolder();
    const file = join(folder, 'master-keys');
    await writeFile(file, 'embedded:hunter2');

    await expect(openLocalMasterKeys(folder)).rejects.toThrow(`${file} has faults: key 1 is not written in base64.`);
    expect(await readFile(file, 'utf8')).toBe('embedded:hunter2');
  });
});
