import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openPersistedDocuments } from '../../src/server.ts';
import { ChangePolicy } from '../kit/policy.ts';
import { button, live, providerIs, save, startConsole, summary, switchOf } from './console-pages.ts';

const { aWorld, ask, open, fetch: get, anotherInstance, restart, url } = await startConsole();

const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const tabs = ['Review', 'People', 'History', 'Use and keys', 'Models'];

const read = (path: string, headers: Record<string, string> = browser, fetch = get) =>
  fetch(new Request(`http://localhost${path}`, { headers: { host: 'localhost', ...headers } }));

const page = await (await read('/console')).text();
const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');

describe('the page of the console', () => {
  it('is where / leads browsers, and not programs', async () => {
    const response = await read('/');
    const program = await read('/', { accept: '*/*' });

    expect([response.status, response.headers.get('location')]).toEqual([302, '/console']);
    expect(await program.json()).toMatchObject({ name: 'modelgate', links: { console: '/console' } });
  });

  it('is not there where the service is told so, nor are its files', async () => {
    const { fetch } = anotherInstance({ console: false });

    expect(files).toHaveLength(3);
    for (const path of ['/console', ...files])
      expect([path, (await read(path, browser, fetch)).status]).toEqual([path, 404]);
    expect((await read('/', browser, fetch)).status).toBe(200);
  });

  it('runs no script that is in it, and nobody frames it', async () => {
    const policy = (await read('/console')).headers.get('content-security-policy');

    expect(policy).toBe(
      "default-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(page).not.toMatch(/<script(?! type="application\/json")(?![^>]* src=)|<style|style=/);
  });

  it('has files that are kept for good, are compressed, and are small', async () => {
    for (const path of files) {
      const { headers } = await read(path, { 'accept-encoding': 'gzip' });
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('content-encoding')).toBe('gzip');
    }
    const script = files.find((path) => path.endsWith('.js')) ?? '';
    const content = await (await read(script, { 'accept-encoding': 'identity' })).arrayBuffer();
    expect(gzipSync(content).length).toBeLessThan(40 * 1024);
    expect(Number((await read(script, { 'accept-encoding': 'gzip' })).headers.get('content-length'))).toBeLessThan(
      40 * 1024,
    );
  });

  it('asks no other host, and breaks no rule of its policy, on any tab', async () => {
    const { admin } = await aWorld();
    const { page: shown, requests, complaints } = await open(admin);
    await live(shown);
    for (const name of tabs) {
      await shown.getByRole('link', { name, exact: true }).click();
      await shown.getByRole('main').getByRole('heading', { level: 1, name }).waitFor();
      await shown.getByRole('main').locator('.loading').first().waitFor({ state: 'detached' });
    }
    await switchOf('OpenAI', shown).click();
    await summary(shown, /Blocks/);

    expect(new Set(requests.map((request) => new URL(request.url()).origin))).toEqual(new Set([url]));
    expect(complaints).toEqual([]);
  });
});

describe('a service that takes no documents but those of the package', () => {
  it('serves the whole console, which sends their ids alone', async () => {
    restart({ persistedDocuments: openPersistedDocuments({ files: [], only: true }) });
    const { admin, organization, owner, member } = await aWorld();
    const input = { organizationId: organization.id, disabledProviders: ['cohere'] };
    await ask(ChangePolicy, { input }, { as: owner });
    const { page: shown, requests, complaints } = await open(admin);
    await live(shown);
    await providerIs('off', 'Cohere', shown);
    await shown.getByLabel('Search').fill('gpt-4o');
    await button(/^Details of GPT-4o/, shown)
      .first()
      .click();
    await shown.getByText('Nothing is against it.').waitFor();
    await switchOf('OpenAI', shown).click();
    await summary(shown, /Blocks/);
    await save('No contract yet', shown);
    await shown.getByText('Saved as revision 2.').waitFor();
    for (const name of tabs) {
      await shown.getByRole('link', { name, exact: true }).click();
      await shown.getByRole('main').getByRole('heading', { level: 1, name }).waitFor();
      await shown.getByRole('main').locator('.loading').first().waitFor({ state: 'detached' });
    }
    await shown.getByRole('link', { name: 'People', exact: true }).click();
    await shown.getByRole('link', { name: member.name }).click();
    await button('Give an exception', shown).click();
    const dialog = shown.getByRole('dialog');
    await dialog.getByLabel('Models').fill('gpt-4o');
    await dialog.getByLabel('Reason').fill('A trial');
    await button('Give it', dialog).click();
    await shown.getByText('The exception is given.').waitFor();
    await shown.getByRole('link', { name: 'History', exact: true }).click();
    await button('Restore what was before revision 2', shown).click();
    await dialog.getByLabel('Reason').fill('It is there');
    await button('Restore', dialog).click();
    await shown.getByText('The policy of revision 1 is restored, as revision 4.').waitFor();

    const sent = requests.flatMap((request) => request.postDataJSON() ?? []);
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter((body) => 'query' in body || !('documentId' in body))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
