import type { Browser, Page } from 'playwright-core';
import { openBrowser } from '../../test/kit/browser.ts';
import { startContender } from '../contender.ts';
import { manyModels, serviceOf } from '../many-models.ts';
import { organizationId, userOf } from '../processes/population.ts';
import { judgeTimes, quantile, type Verdict } from '../verdict.ts';
import type { World } from '../world.ts';

const organization = 300;
const models = 10_000;
const members = 5_000;
const signIns = 5;

/** Typed into the filter, which finds less and less, and taken back again: 74 keystrokes, faster than most people type. */
const typed = ['of the bench 12', 'gpt', 'claude 3', 'bench 9', 'zzzz'];
const betweenKeysMs = 75;

/** The console in a browser: how soon its models are there, and how soon its filters show what was typed. */
export async function measureConsole(world: World, say: (line: string) => void): Promise<Verdict[]> {
  const chrome = await openBrowser();
  try {
    return [await measureSignIn(world, chrome.browser, say), ...(await measureFilters(world, chrome.browser, say))];
  } finally {
    await chrome.close();
  }
}

/** From the sign-in until the models of the catalog that ships are drawn; nothing of the page is in the browser's cache. */
async function measureSignIn(world: World, browser: Browser, say: (line: string) => void): Promise<Verdict> {
  const running = await startContender('modelgate', world);
  const times: number[] = [];
  for (let turn = 0; turn < signIns; turn += 1) {
    const page = await browser.newPage();
    await page.goto(`${running.url}/console#/${organizationId(organization)}/models`);
    times.push(await signIn(world, page));
    await page.close();
  }
  await running.stop();
  const [median, worst] = [quantile(0.5, times), quantile(1, times)];
  say(`  models are drawn ${median} ms after the sign-in, at most ${worst} ms`);
  return judgeTimes(`console: from the sign-in to the models, the longest of ${signIns}`, times, {
    share: 1,
    most: 1_000,
  });
}

async function measureFilters(world: World, browser: Browser, say: (line: string) => void): Promise<Verdict[]> {
  await fillMembers(world);
  const running = await startContender('modelgate', world, {
    program: await serviceOf(manyModels(models), world.folder),
  });
  const page = await browser.newPage();
  await page.goto(`${running.url}/console#/${organizationId(organization)}/models`);
  await signIn(world, page);
  const ofModels = await keystrokes(page);
  say(
    `  ${ofModels.length} keystrokes among ${models} models: median ${quantile(0.5, ofModels)} ms, p95 ${quantile(0.95, ofModels)} ms`,
  );
  await page.getByRole('link', { name: 'People' }).click();
  const ofMembers = await keystrokes(page);
  say(
    `  ${ofMembers.length} among ${members} members: median ${quantile(0.5, ofMembers)} ms, p95 ${quantile(0.95, ofMembers)} ms`,
  );
  await running.stop();
  return [
    judgeTimes(`console: a keystroke in the filter of ${models} models, to the next frame, p95`, ofModels, {
      share: 0.95,
      most: 50,
    }),
    judgeTimes(`console: the same of ${members} members, p95`, ofMembers, { share: 0.95, most: 50 }),
  ];
}

/** Pastes a token; how long until the providers of the models are drawn. */
async function signIn(world: World, page: Page): Promise<number> {
  await page.getByLabel('Token').fill(world.mint(userOf(organization)));
  await page.getByRole('button', { name: 'Use it' }).waitFor();
  return page.evaluate(async () => {
    const button = [...document.querySelectorAll('button')].find(({ textContent }) => textContent === 'Use it');
    const begun = performance.now();
    button?.click();
    while (!document.querySelector('main [role="switch"]')) {
      if (performance.now() - begun > 30_000) throw new Error(document.body.innerText);
      await new Promise(requestAnimationFrame);
    }
    return Math.round(performance.now() - begun);
  });
}

/** Milliseconds from each keystroke until what it has found is drawn, once the whole list is loaded. */
async function keystrokes(page: Page): Promise<number[]> {
  const search = page.getByRole('searchbox');
  await search.waitFor();
  await page.getByText('Loading:').waitFor({ state: 'detached', timeout: 120_000 });
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(globalThis, { keystrokes: times });
    addEventListener(
      'keydown',
      // The time stamp is that of the key; a message that is sent in a frame arrives once this one is drawn.
      ({ timeStamp }) =>
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => times.push(performance.now() - timeStamp);
          port2.postMessage(null);
        }),
      { capture: true },
    );
  });
  await search.focus();
  for (const text of typed) {
    for (const key of [...text, ...Array.from(text, () => 'Backspace')]) {
      await page.keyboard.press(key);
      await page.waitForTimeout(betweenKeysMs);
    }
  }
  await page.waitForTimeout(200);
  return page.evaluate(() => (globalThis as unknown as { keystrokes: number[] }).keystrokes);
}

async function fillMembers({ owner }: World): Promise<void> {
  await owner.query(
    `WITH people AS (
       INSERT INTO "User" ("id", "name") SELECT 'usr_of_console_' || n, 'Person ' || n FROM generate_series(1, $2::int) AS n
       ON CONFLICT DO NOTHING RETURNING "id")
     INSERT INTO "Membership" ("organizationId", "userId", "role") SELECT $1, "id", 'MEMBER' FROM people`,
    [organizationId(organization), members],
  );
}
