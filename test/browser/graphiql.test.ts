import type { BrowserContext, Locator, Page, Request } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, end, launch, type Running } from '../commands/process.ts';
import { sharedBrowser } from '../kit/shared-browser.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

let service: Running;
/** One browser, which keeps what pages store. */
let profile: BrowserContext;
let url: string;
let page: Page;
let removeData: () => Promise<void>;
const requests: Request[] = [];
/** What pages have to complain about: also violations of their content security policy. */
const complaints: string[] = [];
/** The bytes of static files that each visit has loaded. */
const loaded: number[] = [];

beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  removeData = remove;
  service = launch(['serve'], { env: { DATA_DIR: folder, PORT: '0' } });
  url = await addressOf(service);
  profile = await (await sharedBrowser()).newContext();
  profile.on('request', (request) => requests.push(request));
  profile.on('weberror', (fault) => complaints.push(fault.error().message));
  profile.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  page = await visit();
});
afterAll(async () => {
  await profile?.close();
  await end(service);
  await removeData();
});

async function visit(prepare: (page: Page) => Promise<unknown> = async () => {}): Promise<Page> {
  const opened = await profile.newPage();
  await prepare(opened);
  const network = await profile.newCDPSession(opened);
  await network.send('Network.enable');
  const index = loaded.push(0) - 1;
  const assets = new Set<string>();
  network.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (request.url.startsWith(`${url}/assets/`)) assets.add(requestId);
  });
  network.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (assets.has(requestId)) loaded[index] = (loaded[index] ?? 0) + encodedDataLength;
  });
  await opened.goto(`${url}/graphql`);
  await opened.locator('.graphiql-query-editor', { hasText: 'query' }).waitFor();
  return opened;
}

const tabs = () => page.locator('.graphiql-tab').allInnerTexts();
const tab = (name: string) => page.locator('.graphiql-tab-button', { hasText: name });

/** Puts another persona under Headers. */
async function name(former: string, persona: string): Promise<void> {
  await page.locator('[data-uri$="request-headers.json"]').getByText(former).dblclick();
  await page.keyboard.insertText(persona);
}

const lastStored = () =>
  page.evaluate(() => JSON.parse(localStorage.getItem('modelgate-demo:graphiql:tabState') ?? '').tabs.at(-1));

/** With the mouse, as users do: what moves away from under it is not clicked. */
const click = (button: Locator) => button.click();

/** Runs what is in the editor, until the result says this. */
async function runUntil(text: string): Promise<string> {
  const result = page.locator('.graphiql-response', { hasText: text });
  // A click while the page still changes tabs may be lost.
  await vi.waitFor(
    async () => {
      await click(page.locator('.graphiql-execute-button'));
      await result.waitFor({ timeout: 4_000 });
    },
    { timeout: 25_000 },
  );
  return (await result.innerText()).replace(/\s+/g, ' ');
}

async function showTab(name: string, text: string): Promise<void> {
  await click(tab(name));
  await page.locator('.graphiql-query-editor', { hasText: text }).waitFor();
}

const examples = [
  'MayIUseIt',
  'AllowedModels',
  'TryAsAdmin',
  'SettingsAsAdmin',
  'RefusedAsMember',
  'RefusedAsOutsider',
  'History',
];

describe('GraphiQL in a browser, on the demo world', () => {
  it('opens with examples, of which the first is a question', async () => {
    await page.locator('.graphiql-query-editor', { hasText: '# As the member of the demo world' }).waitFor();

    expect(await page.title()).toBe('Modelgate');
    expect(await tabs()).toEqual(examples);
    expect(await runUntil('modelAccess')).toContain('"allowed": true');
  });

  it('runs another example as the person whom it is about', async () => {
    await showTab('TryAsAdmin', '# As the admin of the demo world');
    expect(await runUntil('newlyBlocked')).toMatch(/"revision": 0,.*"newlyBlockedCount": \d+/);

    await showTab('SettingsAsAdmin', '# As the admin of the demo world');
    expect(await runUntil('Jonas Okafor')).toMatch(/"disabledProviders": \[ "google", "mistral" \]/);

    await showTab('RefusedAsMember', '# As the member of the demo world');
    expect(await runUntil('ModelgateForbiddenError')).toContain('"code": "INSUFFICIENT_PERMISSIONS"');
  });

  it('explains the schema in the documentation explorer', async () => {
    await click(page.getByLabel('Show Documentation Explorer'));
    const documentation = page.locator('.graphiql-doc-explorer');
    await click(documentation.getByRole('link', { name: 'Query', exact: true }));
    await click(documentation.getByRole('link', { name: 'modelAccess', exact: true }));

    await documentation.getByText('May the caller, or another subject of an organization, use this model?').waitFor();
    await click(page.getByLabel('Hide Documentation Explorer'));
  });

  it('is as it was after a reload, and each tab asks as its persona', async () => {
    await showTab('RefusedAsOutsider', '# As the outsider of the demo world');
    // It keeps its state half a second later.
    await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage))).toContain('\\"activeTabIndex\\":5');

    await page.reload();

    await page.locator('.graphiql-query-editor', { hasText: '# As the outsider of the demo world' }).waitFor();
    expect(await tabs()).toEqual(examples);
    await runUntil('ORGANIZATION_ACCESS_DENIED');
    await showTab('RefusedAsMember', '# As the member of the demo world');
    await runUntil('INSUFFICIENT_PERMISSIONS');
  });

  it('keeps the persona of a tab that the user has opened for a later visit', async () => {
    await click(page.getByLabel('New tab'));
    await page.locator('.graphiql-query-editor .monaco-editor').click();
    await page.keyboard.insertText('query Who { caller { user { name } } }');
    await name('member', 'owner');
    await expect.poll(lastStored).toMatchObject({ title: 'Who', headers: expect.stringContaining('owner') });
    await page.close();

    page = await visit();

    expect(await tabs()).toEqual([...examples, 'Who']);
    await runUntil('Mara');
  });

  it('keeps no credentials', async () => {
    const stored = () => page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    const headers = [
      '{"Authorization":"Bearer secret","persona":"owner"}',
      '{"x-api-key": "secret", // typed\n}',
      '{"persona":',
    ];
    const start = await page.locator('script[src$="start.js"]').getAttribute('src');
    // As a text: this import is the browser's.
    const kept = await page.evaluate(`import('${start?.replace('start', 'storage')}').then(({ createStorage }) => {
      const storage = createStorage('test');
      const tabs = ${JSON.stringify(headers)}.map((headers) => ({ headers }));
      storage.setItem('graphiql:tabState', JSON.stringify({ tabs }));
      return JSON.parse(storage.getItem('graphiql:tabState')).tabs;
    })`);

    expect(kept).toEqual([{ headers: '{\n  "persona": "owner"\n}' }, { headers: '{}' }, { headers: '{"persona":' }]);
    expect(await stored()).not.toMatch(/ey\w+\.ey|Bearer/);
  });

  it('keeps a query that has the word "headers" in it', async () => {
    const start = await page.locator('script[src$="start.js"]').getAttribute('src');
    const kept = await page.evaluate(`import('${start?.replace('start', 'storage')}').then(({ createStorage }) => {
      const storage = createStorage('test');
      storage.setItem('graphiql:query', '# Tokens belong into "headers".');
      return storage.getItem('graphiql:query');
    })`);

    expect(kept).toBe('# Tokens belong into "headers".');
  });

  it('gets a new token where the one that it has does not hold any more', async () => {
    await page.close();
    page = await visit(async (opened) => {
      const old = { member: 'old', admin: 'old', owner: 'old', outsider: 'old' };
      await opened.route('**/sign-in/personas.json', (route) => route.fulfill({ json: old }), { times: 1 });
    });

    await runUntil('Mara');

    const refused = complaints.splice(0);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.filter((text) => !text.includes('401'))).toEqual([]);
  });

  it('says so where nobody has the name under Headers', async () => {
    await name('owner', 'nobody');

    await runUntil('has no persona \\"nobody\\"');
  });

  it('has the query, the button and the answer within reach on a narrow screen', async () => {
    const box = async (name: string) => {
      const found = await page.locator(name).boundingBox();
      if (!found) throw new Error(`${name} is not shown`);
      return found;
    };
    await page.setViewportSize({ width: 390, height: 844 });
    const [query, button, answer] = await Promise.all(
      ['.graphiql-query-editor', '.graphiql-execute-button', '.graphiql-response'].map(box),
    );

    for (const { x, y, width, height } of [query, button, answer].flatMap((shown) => shown ?? [])) {
      expect({ isWithin: x >= 0 && y >= 0 && x + width <= 390 && y + height <= 844 }).toEqual({ isWithin: true });
    }
    expect(query?.width).toBeGreaterThan(330);
    expect(answer?.width).toBeGreaterThan(330);
    expect(answer?.y).toBeGreaterThan((query?.y ?? 0) + (query?.height ?? 0));
    expect(answer?.height).toBeGreaterThan(200);
    await page.locator('.graphiql-execute-button').click();
  });

  it('loads its files compressed, once, and nothing from any other host', () => {
    const [first = 0, second] = loaded;

    expect(first).toBeGreaterThan(1_000_000);
    expect(first).toBeLessThan(2_500_000);
    expect(second).toBe(0);
    const hosts = requests
      .map((request) => new URL(request.url()))
      .filter(({ protocol }) => /^https?:$/.test(protocol));
    expect(new Set(hosts.map(({ origin }) => origin))).toEqual(new Set([url]));
  });

  it('complains of nothing, under a policy for which no script is in the page', async () => {
    const response = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } });

    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'; worker-src 'self';");
    expect(await response.text()).not.toMatch(/<script(?! type="application\/json")(?![^>]* src=)/);
    expect(complaints).toEqual([]);
  });
});
