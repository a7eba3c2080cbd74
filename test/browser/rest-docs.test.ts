import type { Page } from 'playwright-core';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { demoPeople, fillDemoWorld } from '../../src/database/migrate/demo-world.ts';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { closeContexts, sharedBrowser } from '../kit/shared-browser.ts';

const service = await startService();
await fillDemoWorld(service.db);
const place = await listenOnLoopback(service.listener);
const browser = await sharedBrowser();
afterEach(() => closeContexts(browser));
afterAll(() => place.close());
const admin = demoPeople.find(({ persona }) => persona === 'admin') ?? { id: '' };

/** The page of the document, and what it has to complain about. */
async function visit(width: number) {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
  await page.goto(`${place.url}/v1/docs`);
  await page.locator('.opblock').first().waitFor();
  return { page, complaints };
}

const operation = (page: Page, id: string) => page.locator(`[id$="-${id}"]`);

async function authorizeAs(person: { id: string }, page: Page): Promise<void> {
  await page.locator('.auth-wrapper .btn.authorize').first().click();
  await page.locator('#auth-bearer-value').fill(await tokenOf(person));
  await page.locator('.auth-container').first().locator('.btn.authorize').click();
  await page.locator('.btn-done').first().click();
}

/** Presses "Try it out" and "Execute", and answers the status. */
async function execute(page: Page, id: string): Promise<string> {
  const block = operation(page, id);
  await block.locator('.opblock-summary-control').first().click();
  await block.locator('.try-out__btn').click();
  await block.locator('.execute').click();
  const status = block.locator('.live-responses-table .response-col_status').last();
  await status.waitFor();
  return (await status.innerText()).trim();
}

describe('the page of the REST document', () => {
  it.each([390, 1280])('fits a screen of %d pixels, also where an operation is tried', async (width) => {
    const { page, complaints } = await visit(width);
    const widest = () => page.evaluate(() => document.documentElement.scrollWidth);

    expect(await page.locator('.opblock').count()).toBe(28);
    expect(await page.locator('.opblock-tag a').allInnerTexts()).toEqual([
      'Organizations',
      'Model configurations',
      'Provider keys',
    ]);
    expect(await widest()).toBeLessThanOrEqual(width);
    await operation(page, 'updateModelSettings').locator('.opblock-summary-control').first().click();
    await operation(page, 'updateModelSettings').locator('.try-out__btn').click();
    await operation(page, 'updateModelSettings').locator('.execute').waitFor();
    expect(await widest()).toBeLessThanOrEqual(width);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('signs its user in by a token, reads, and changes nothing by a click on a change', async () => {
    const { page, complaints } = await visit(1280);
    await authorizeAs(admin, page);

    expect(await execute(page, 'getModelSettings')).toBe('200');
    expect(await execute(page, 'updateModelSettings')).toBe('422');
    expect(await operation(page, 'updateModelSettings').locator('.live-responses-table').innerText()).toContain(
      'Invalid provider slugs: <provider>',
    );
    expect(await service.db.modelSettings.count()).toBe(0);
    expect(complaints.filter((text) => !/status of 422/.test(text))).toEqual([]);
    await page.close();
  });
});
