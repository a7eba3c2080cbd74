import type { BrowserContext, Locator, Page, Request } from 'playwright-core';
import { afterAll, afterEach, expect, vi } from 'vitest';
import { openDoor } from '../kit/door.ts';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService, today } from '../kit/service.ts';
import { closeContexts, sharedBrowser } from '../kit/shared-browser.ts';

type Options = NonNullable<Parameters<typeof startService>[0]>;

/** A page of the console, what it has asked for, and what its browser has to complain about. */
export interface Visited {
  page: Page;
  context: BrowserContext;
  requests: Request[];
  complaints: string[];
}

interface Visiting {
  /** Behind `#/`. */
  address?: string;
  /** A browser of which another page is open. */
  context?: BrowserContext;
}

/** A service with the console, a browser, and a network between them in which things go wrong; until the file's tests are done. */
export async function startConsole(options: Options = {}) {
  const service = await startService({ console: true, ...options });
  let { listener } = service;
  const place = await listenOnLoopback((request, response) => listener(request, response));
  const network = await openDoor(place.url);
  const browser = await sharedBrowser();
  afterEach(async () => {
    network.decide(() => 'pass');
    await closeContexts(browser);
  });
  afterAll(() => {
    network.close();
    place.close();
  });

  /** Opens the console, as nobody. */
  const visit = async ({ address = '', context: given }: Visiting = {}): Promise<Visited> => {
    const context = given ?? (await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'UTC' }));
    // It is the same day for the service: models retire as time goes by.
    if (!given) await context.clock.setFixedTime(today);
    const visited: Visited = { context, page: await context.newPage(), requests: [], complaints: [] };
    const { page, requests, complaints } = visited;
    page.on('request', (request) => requests.push(request));
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (line) => line.type() === 'error' && complaints.push(line.text()));
    await page.goto(`${network.url}/console${address && `#/${address}`}`);
    return visited;
  };
  return {
    ...service,
    url: network.url,
    network,
    visit,
    newContext: browser.newContext.bind(browser),
    /** Opens the console as this person, who has pasted a token. */
    open: async (person: { id: string }, visiting: Visiting = {}): Promise<Visited> => {
      const visited = await visit(visiting);
      await paste(await tokenOf(person), visited.page);
      await visited.page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
      return visited;
    },
    /** From now on another process answers, as it were. */
    restart: (others: Options = {}) => {
      ({ listener } = service.anotherInstance(others));
    },
  };
}

export async function paste(token: string, page: Page): Promise<void> {
  await page.getByLabel('Token').fill(token);
  await page.getByRole('button', { name: 'Use it' }).click();
}

/** The switch of a provider. */
export const switchOf = (provider: string, page: Page) => page.getByRole('switch', { name: provider, exact: true });

export const providerIs = (state: 'on' | 'off', provider: string, page: Page) =>
  eventually(async () => {
    const isOn = await switchOf(provider, page).getAttribute('aria-checked');
    expect([provider, isOn === 'true' ? 'on' : 'off']).toEqual([provider, state]);
  });

/** The bar that tells what a draft would do. */
export const draftBar = (page: Page) => page.getByRole('complementary', { name: 'Draft' });

export const button = (name: string | RegExp, within: Page | Locator) =>
  within.getByRole('button', { name, exact: typeof name === 'string' });

/** Waits until the dry run has answered, and says what it does. */
export async function summary(page: Page, text: RegExp): Promise<string> {
  const status = draftBar(page).getByRole('status').filter({ hasText: text });
  await status.waitFor();
  return status.innerText();
}

export async function save(reason: string, page: Page): Promise<void> {
  await button('Save', draftBar(page)).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await button('Save', dialog).click();
}

/** Presses a key until the control has the focus: whoever has no mouse goes there like that. */
export async function reach(control: Locator, page: Page, key = 'Tab'): Promise<void> {
  const hasFocus = () => control.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 400; presses += 1) {
    if (await hasFocus()) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${control} is not reached by ${key}`);
}

/** Goes to the control by the keyboard, and presses it. */
export async function press(control: Locator, page: Page, key = 'Enter'): Promise<void> {
  await control.waitFor();
  await reach(control, page);
  await page.keyboard.press(key);
}

/** Waits until the page shows that it hears of changes. */
export const live = (page: Page) =>
  page
    .getByRole('status')
    .filter({ hasText: /^Live$/ })
    .waitFor();

/** Waits until everything that the page has asked for is answered: else it could be answered with what is changed next. */
export async function quiet({ page, requests }: Visited): Promise<void> {
  let asked: number;
  do {
    asked = requests.length;
    await Promise.all(requests.map((request) => request.response()));
    await page.waitForTimeout(200);
  } while (requests.length > asked);
}

/** For what takes a while on a busy machine. */
const patience = { timeout: 30_000, interval: 100 };

export const eventually = <Result>(claim: () => Result | Promise<Result>) => vi.waitFor(claim, patience);
