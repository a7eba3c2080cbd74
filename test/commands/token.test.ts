import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openLocalIssuer } from '../../src/auth/issuer.ts';
import { verifyToken } from '../../src/auth/token.ts';
import { token as command } from '../../src/commands/token.ts';
import { variableNames } from '../../src/environment/environment.ts';
import { OperatorError } from '../../src/errors/operator-error.ts';
import { ownFolder, run } from './process.ts';

let dataDirectory: string;
beforeEach(async () => {
  dataDirectory = await ownFolder();
  for (const name of variableNames) vi.stubEnv(name, '');
});
afterEach(() => void vi.unstubAllEnvs());

const token = (...parameters: string[]) => run(['token', ...parameters], { env: { DATA_DIR: dataDirectory } });

/** What an operator is told, asked of the command itself. */
async function refusalOf(...parameters: string[]): Promise<string> {
  vi.stubEnv('DATA_DIR', dataDirectory);
  try {
    await command.run(parameters);
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
  return 'It did not refuse.';
}

/** Whose token it is for a service on the same data, and for how long it holds, in seconds. */
async function readToken(text: string) {
  const claims = await verifyToken([await openLocalIssuer(dataDirectory)], text.trim());
  const { exp = 0, iat = 0 } = decodeJwt(text.trim());
  return { userId: claims?.userId, holds: exp - iat };
}

describe('token', () => {
  it.each([
    ['owner', 'usr_mara9w2kq7xt'],
    ['admin', 'usr_abc123def456'],
    ['member', 'usr_lena5t8vz3hc'],
    ['outsider', 'usr_tomas4j6nd2r'],
  ])('prints a token for the %s of the demo world, for half a day, and nothing else', async (persona, userId) => {
    const { code, stdout, stderr } = await token(persona);

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await readToken(stdout)).toEqual({ userId, holds: 12 * 3600 });
  });

  it('prints one for any user, for as long as is wanted', async () => {
    const { stdout } = await token('--user', 'usr_somebodyelse', '--expires', '15m');

    expect(await readToken(stdout)).toEqual({ userId: 'usr_somebodyelse', holds: 900 });
  });

  it('is signed with one key, also where several processes make it at once', async () => {
    const issuers = await Promise.all(Array.from({ length: 20 }, () => openLocalIssuer(dataDirectory)));

    expect(new Set(issuers.map(({ jwks }) => JSON.stringify(jwks))).size).toBe(1);
  });

  it('says so where there is no data yet, since the service may have other data', async () => {
    dataDirectory = join(dataDirectory, 'new');
    const { code, stdout, stderr } = await token('admin');

    expect(stderr).toBe(
      `There is no data in ${dataDirectory} yet: the token holds for a service that is started on it. ` +
        'For one that runs with another DATA_DIR, set DATA_DIR to the same.\n',
    );
    expect(code).toBe(0);
    expect(await readToken(stdout)).toMatchObject({ userId: 'usr_abc123def456' });
  });

  it.each([
    ['', /^Whose token\?\n\nUsage: /],
    ['bob', /^Nobody is called "bob"\.\n\nUsage: /],
    ['admin member', /^A token is one person's\.\n\nUsage: /],
    ['admin --user usr_x', /^Give a person or --user, not both\.\n\nUsage: /],
    ['--user jonas@brightwater.example', /^"jonas@brightwater\.example" is not the id of a user \(usr_…\)\.$/],
    ['admin --expires tomorrow', /^"tomorrow" is not a duration\. Give, for example, 15m, 12h or 7d\.$/],
    ['admin --expires 0h', /^"0h" is not a duration\./],
  ])('refuses "%s" in a sentence', async (parameters, sentence) => {
    const refusal = await refusalOf(...parameters.split(' ').filter(Boolean));

    expect(refusal).toMatch(sentence);
  });

  it('refuses where the data folder is a file, or its key is none', async () => {
    const folder = dataDirectory;
    await writeFile(join(folder, 'issuer-es256.json'), 'not a key');
    const spoilt = await refusalOf('admin');
    dataDirectory = join(folder, 'issuer-es256.json');
    const file = await token('admin');

    expect(spoilt).toBe(`The issuer's key in ${folder} cannot be read. Remove issuer*.json there, and start again.`);
    expect(file).toEqual({
      code: 1,
      stdout: '',
      stderr: `The data folder ${dataDirectory} cannot be used: a part of its path is a file. Mend that, or set DATA_DIR to another folder.\n`,
    });
  });

  it('leaves tokens to the issuer of those who have a database of their own', async () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://modelgate:hunter2@localhost/modelgate');

    expect(await refusalOf('admin')).toBe(
      'With DATABASE_URL set, tokens come from AUTH_ISSUER; this command serves the embedded mode.',
    );
  });
});
