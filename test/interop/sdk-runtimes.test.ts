import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import { anApiKey } from '../kit/keys.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { sharedBrowser } from '../kit/shared-browser.ts';
import { startedAt } from './integrations/processes.ts';

const { sdkOptions }: { sdkOptions: BuildOptions } = await import(join(import.meta.dirname, '../../build/sdk.js'));
const { outputFiles } = await build({ ...sdkOptions, write: false });
const sdk = outputFiles?.[0]?.text ?? '';

/** Connects, decides on two models, and closes. */
const asking = `
export async function ask(options, subject) {
  const gate = await connect(options);
  const decisions = ['gpt-4o', 'gpt-99'].map((model) => gate.decide({ model, subject }));
  const models = gate.models(subject).length;
  await gate.close();
  return { decisions, models };
}`;

/** A page of another origin than the service. */
const page = await listenOnLoopback((request, response) => {
  const isScript = request.url === '/sdk.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  response.end(
    isScript
      ? sdk
      : `<!doctype html><script type="module">import { connect } from '/sdk.js';
    ${asking.replace('export', 'window.ask = ask;')}</script>`,
  );
});
afterAll(page.close);

const service = await startService({ corsOrigins: new Set([page.url]) });
const { url, close } = await listenOnLoopback(service.listener);
afterAll(close);

const { organization, member, ...world } = await service.aWorld();
const { token } = await anApiKey(service, { organization, member, ...world }, ['READ']);
const options = { url, apiKey: token, organizationId: organization.id };
const subject = { id: member.id, role: 'MEMBER' };
const expected = {
  decisions: [
    expect.objectContaining({ allowed: true, model: 'openai/gpt-4o' }),
    expect.objectContaining({ allowed: false, reasons: ['UNKNOWN_MODEL'] }),
  ],
  models: expect.any(Number),
};

describe('the SDK decides', () => {
  it('in a Worker', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modelgate-workerd-'));
    writeFileSync(join(folder, 'sdk.js'), sdk);
    writeFileSync(
      join(folder, 'worker.js'),
      `import { connect } from './sdk.js';
       ${asking}
       export default { fetch: async () => Response.json(await ask(${JSON.stringify(options)}, ${JSON.stringify(subject)})) };`,
    );
    writeFileSync(
      join(folder, 'workerd.capnp'),
      `using Workerd = import "/workerd/workerd.capnp";
       const config :Workerd.Config = (
         services = [(name = "worker", worker = .worker), (name = "network", network = (allow = ["private"]))],
         sockets = [(name = "http", http = (), service = "worker")],
       );
       const worker :Workerd.Worker = (
         modules = [(name = "worker.js", esModule = embed "worker.js"), (name = "sdk.js", esModule = embed "sdk.js")],
         compatibilityDate = "2026-11-01",
         globalOutbound = "network",
       );`,
    );
    const workerd = join(import.meta.dirname, 'node_modules/workerd/bin/workerd');
    const config = join(folder, 'workerd.capnp');
    const worker = await startedAt((port) => ({
      parameters: [workerd, 'serve', config, '--socket-addr', `http=127.0.0.1:${port}`],
      env: {},
    }));

    const response = await fetch(worker.url);
    expect(await response.json()).toEqual(expected);
    rmSync(folder, { recursive: true });
  });

  it('in a browser, on a page of another origin', async () => {
    const tab = await (await sharedBrowser()).newPage();
    try {
      await tab.goto(page.url);
      const found = await tab.evaluate(
        `ask(${JSON.stringify(options)}, ${JSON.stringify(subject)}).catch((error) => String(error))`,
      );
      expect(found).toEqual(expected);
    } finally {
      await tab.close();
    }
  });
});
