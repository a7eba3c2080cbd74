import { execFile } from 'node:child_process';
import { cp, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, describe, expect, it } from 'vitest';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

const service = await startService();
const { url, close } = await listenOnLoopback(service.listener);
const { folder, remove } = await temporaryFolder();
afterAll(async () => {
  close();
  await remove();
});
const text = await (await fetch(`${url}/v1/openapi.json`)).text();

/** Runs a program of the interop packages, or of the project, in the folder of the generated code. */
async function run(program: string, parameters: string[], packages = import.meta.dirname): Promise<void> {
  const file = join(packages, 'node_modules', program);
  await promisify(execFile)(process.execPath, [file, ...parameters], { cwd: folder });
}

/** What the recommended rules of Redocly, which are strict here, have against a document. */
async function faultsOf(source: string): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended-strict'] });
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return problems.map(({ ruleId, message, location: [place] }) => `${ruleId}: ${message} ${place?.pointer ?? ''}`);
}

describe("Redocly's recommended rules", () => {
  it('find nothing in the document but paths that differ by their methods', async () => {
    // One is read, the other is posted to: no request can mean both.
    const paths = '`/v1/provider-keys/provider/{provider}` and `/v1/provider-keys/{id}/secret`';

    const faults = await faultsOf(text);

    expect(faults.filter((fault) => !fault.includes(`Found two ambiguous paths: ${paths}`))).toEqual([]);
  });

  it.each([
    ['an operation without an id', /"operationId":"listModels",/, '', /^operation-operationId/],
    ['a reference to nothing', '#/components/schemas/FlatError', '#/components/schemas/Gone', /^no-unresolved-refs/],
    [
      'an example that is not as its schema says',
      '"disabledProviders":["<provider>"]',
      '"disabledProviders":1',
      /example/,
    ],
    ['no servers', /"servers":\[[^\]]*\]/, '"servers":[]', /^no-empty-servers/],
  ])('find %s', async (_fault, part, spoilt, finding) => {
    expect(await faultsOf(text.replace(part, spoilt))).toEqual(
      expect.arrayContaining([expect.stringMatching(finding)]),
    );
  });
});

describe('code that others generate from the document', () => {
  it('compiles under strict rules, and asks the service: a read, a change, a typed error', async () => {
    const { organization, owner } = await service.aWorld();
    await cp(join(import.meta.dirname, 'openapi-clients'), folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'openapi.json'), text);

    await run('openapi-typescript/bin/cli.js', ['openapi.json', '--output', 'generated/types.ts']);
    const plugins = ['@hey-api/client-fetch', '@hey-api/typescript', '@hey-api/sdk'];
    await run('@hey-api/openapi-ts/bin/run.js', [
      ...['--input', 'openapi.json', '--output', 'generated/hey', '--no-log-file', '--plugins', ...plugins],
    ]);
    await run('orval/dist/bin/orval.mjs', [
      ...['--input', 'openapi.json', '--output', 'generated/orval.ts', '--client', 'fetch'],
    ]);
    await run('typescript/lib/tsc.js', ['--project', '.'], join(import.meta.dirname, '../..'));

    expect(await readdir(join(folder, 'out'))).toEqual(
      expect.arrayContaining(['hey-api.js', 'openapi-typescript.js', 'orval.js']),
    );
    const { askAll } = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'out/hey-api.js')).href);
    expect(await askAll(url, await tokenOf(owner), organization.id)).toEqual({
      before: [],
      blocked: expect.any(Number),
      after: ['google'],
      conflictCode: 'REVISION_CONFLICT',
      refusal: 'MODEL_NOT_ALLOWED',
    });
  });
});
