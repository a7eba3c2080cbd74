import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { Gate } from '../../src/sdk/types.ts';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

// The build is JavaScript, so that it runs without anything that is built.
const { sdkOptions, sdkTypes }: { sdkOptions: BuildOptions; sdkTypes: () => string } = await import(
  join(import.meta.dirname, '../../build/sdk.js')
);
/** The SDK in memory. */
const bundle = (options: BuildOptions) => build({ ...sdkOptions, ...options, metafile: true, write: false });

const service = await startService();
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);

/** What workers and browsers have, and Node and Deno too. */
const everywhere = {
  ...{ AbortController, TextDecoder, TextEncoder, Uint8Array, atob, btoa, clearTimeout, crypto, fetch },
  ...{ performance, setTimeout },
};

describe('modelgate/sdk', () => {
  it('is one small module that imports nothing', async () => {
    const { metafile, outputFiles } = await bundle({ format: 'esm' });
    const [text = ''] = outputFiles.map((file) => file.text);

    const [module, ...others] = Object.values(metafile.outputs);
    expect(others).toEqual([]);
    expect(module?.imports).toEqual([]);
    expect(module?.exports).toEqual(['connect']);
    expect(Object.keys(metafile.inputs).filter((path) => !/^src\/(sdk|policy|catalog)\//.test(path))).toEqual([]);
    expect(Object.keys(metafile.inputs)).toContain('src/policy/policy.ts');
    expect(text.length).toBeLessThan(60_000);
    expect(gzipSync(text).length).toBeLessThan(17_000);
  });

  it('runs where there is nothing of Node', async () => {
    const { outputFiles } = await bundle({ format: 'iife', globalName: 'sdk' });
    const world = await service.aWorld();
    const { token } = await anApiKey(service, world, ['READ']);
    const realm = createContext(
      { ...everywhere, options: { url, apiKey: token, organizationId: world.organization.id } },
      { codeGeneration: { strings: false, wasm: false } },
    );
    runInContext(outputFiles[0]?.text ?? '', realm);

    const gate: Gate = await runInContext('sdk.connect(options)', realm);
    const decision = gate.decide({ model: 'gpt-4o', subject: { id: world.member.id, role: 'MEMBER' } });
    await gate.close();

    expect(runInContext('typeof process + typeof Buffer + typeof require', realm)).toBe('undefined'.repeat(3));
    expect(decision).toMatchObject({ allowed: true, model: 'openai/gpt-4o' });
  });

  it('has types that stand alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelgate-sdk-'));
    writeFileSync(join(folder, 'sdk.d.ts'), sdkTypes());
    writeFileSync(join(folder, 'sdk.js'), '');
    writeFileSync(
      join(folder, 'use.ts'),
      `import { connect, type Decision } from './sdk.js';
       const gate = await connect({ url: '', apiKey: '', organizationId: '', maxStaleMs: 1, onStale: 'last' });
       gate.on('change', ({ newlyBlocked }) => newlyBlocked.map((model) => model.length));
       export const decision: Decision = gate.decide({ model: 'fast', subject: { id: 'usr_a', role: 'MEMBER' } });
       // @ts-expect-error there is no such role
       gate.decide({ model: 'fast', subject: { role: 'GUEST' } });`,
    );
    const flags = ['--noEmit', '--strict', '--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022'];
    const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

    const { stdout } = spawnSync(process.execPath, [tsc, ...flags, '--lib', 'es2022,dom', '--types', '', 'use.ts'], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });

    expect(stdout).toBe('');
    expect(sdkTypes()).toContain('Connects to a service, or a relay');
  });
});
