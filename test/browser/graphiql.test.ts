import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addressOf, end, launch, type Running } from '../commands/process.ts';
import { type OpenBrowser, openBrowser } from '../kit/browser.ts';
import { temporaryFolder } from '../kit/temporary-postgres.ts';

let service: Running;
let chrome: OpenBrowser;
let page: Page;
let removeData: () => Promise<void>;
/** Addresses on other hosts that the page wanted something of; it was given nothing. */
const strangers: string[] = [];
/** What the page has to complain about. */
const complaints: string[] = [];

beforeAll(async () => {
  const { folder, remove } = await temporaryFolder();
  removeData = remove;
  service = launch(['serve'], { env: { DATA_DIR: folder, PORT: '0' } });
  chrome = await openBrowser();
  const url = await addressOf(service);

  page = await chrome.browser.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  await page.route(
    ({ protocol, origin }) => /^https?:$/.test(protocol) && origin !== url,
    (route) => {
      strangers.push(route.request().url());
      return route.abort();
    },
  );
  await page.goto(`${url}/graphql`);
});
afterAll(async () => {
  await chrome?.close();
  await end(service);
  await removeData();
});

const tab = (name: string) => page.locator('.graphiql-tab-button', { hasText: name });

/** Without waiting for the page to hold still: its tabs never quite do. */
const click = (button: Locator) => button.dispatchEvent('click');

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

describe('GraphiQL in a browser, on the demo world', () => {
  it('opens with examples, of which the first changes the settings as the admin', async () => {
    await page.locator('.graphiql-query-editor', { hasText: '# As the admin of the demo world' }).waitFor();

    expect(await page.title()).toBe('Modelgate');
    expect(await page.locator('.graphiql-tab').allInnerTexts()).toEqual([
      'SettingsAsAdmin',
      'AllowedModels',
      'MayIUseIt',
      'RefusedAsMember',
      'RefusedAsOutsider',
      'History',
    ]);
    expect(await runUntil('Jonas Okafor')).toMatch(/"disabledProviders": \[ "google", "mistral" \]/);
  });

  it('runs another example as the person whom it is about', async () => {
    await click(tab('RefusedAsMember'));
    await page.locator('.graphiql-query-editor', { hasText: '# As the member of the demo world' }).waitFor();

    expect(await runUntil('ModelgateForbiddenError')).toContain('"code": "INSUFFICIENT_PERMISSIONS"');
  });

  it('explains the schema in the documentation explorer', async () => {
    await click(page.getByLabel('Show Documentation Explorer'));
    const documentation = page.locator('.graphiql-doc-explorer');
    await click(documentation.getByRole('link', { name: 'Query', exact: true }));
    await click(documentation.getByRole('link', { name: 'modelAccess', exact: true }));

    await documentation.getByText('May this organization use this model?').waitFor();
  });

  it('shows the answer below the editors on a narrow screen, as wide as they are', async () => {
    const box = async (name: string) => {
      const found = await page.locator(name).boundingBox();
      if (!found) throw new Error(`${name} is not shown`);
      return found;
    };
    const both = async () => ({ editors: await box('.graphiql-editors'), answer: await box('.graphiql-response') });
    const usual = await both();
    await page.setViewportSize({ width: 390, height: 844 });
    const { editors, answer } = await both();

    expect(usual.answer.x).toBeGreaterThan(usual.editors.x);
    expect(answer.y).toBeGreaterThanOrEqual(editors.y + editors.height);
    expect(Math.abs(answer.width - editors.width)).toBeLessThan(60);
    expect(answer.height).toBeGreaterThan(200);
  });

  it('has loaded nothing from any other host, and complains of nothing', () => {
    expect(strangers).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
