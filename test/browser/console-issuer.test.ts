import { beforeEach, describe, expect, it } from 'vitest';
import { button, draftBar, live, providerIs, save, summary, switchOf } from './console-pages.ts';
import { enter, openIssuer, startSignIn, type Visited } from './sign-in-pages.ts';

const { url, provider, visit } = await startSignIn();

beforeEach(() => {
  Object.assign(provider.settings, { tokenSeconds: 600, refreshes: true });
});

/** On a busy machine a request takes a while: by then a token of a second may have ended. */
const shortSeconds = 4;

const title = 'Your sign-in has ended. Nothing that you typed is lost.';

/** Signs in at the console, by its button. */
async function signIn(visited: Visited): Promise<void> {
  await enter('mara', await openIssuer(visited));
}

/** Mara, who has made an organization of her own, and disabled Mistral in a draft. */
async function aDraft() {
  const visited = await visit('/console', '.sign-in button');
  const { page } = visited;
  await signIn(visited);
  const name = page.getByLabel('Name of a new organization');
  await name.or(switchOf('Mistral', page)).waitFor();
  if (await name.isVisible()) {
    await name.fill('Mara and daughters');
    await button('Create it', page).click();
  }
  await switchOf('Mistral', page).click();
  return visited;
}

describe('the console, at a real provider', () => {
  it('signs in, and asks no other host than the service and the issuer', async () => {
    const { page, requests, sentTokens } = await aDraft();
    await live(page);
    await summary(page, /Blocks/);

    expect(await sentTokens()).toHaveLength(1);
    const origins = requests.map((request) => new URL(request.url()).origin);
    expect(new Set(origins)).toEqual(new Set([url, provider.issuer]));
    const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
    expect(stored).not.toContain((await sentTokens())[0]);
  });

  it('goes on by itself where the issuer renews tokens that end', async () => {
    provider.settings.tokenSeconds = shortSeconds;
    const { page, sentTokens } = await aDraft();
    await summary(page, /Blocks/);
    await save('No contract yet', page);
    await page.getByText(/Saved as revision/).waitFor();

    await switchOf('Mistral', page).click();
    await summary(page, /Allows/);
    await expect.poll(async () => (await sentTokens()).length, { timeout: 30_000 }).toBeGreaterThan(1);
    await save('The contract is there', page);
    // The message of the first save may still be shown.
    await draftBar(page).waitFor({ state: 'hidden' });
    expect(await page.getByRole('heading', { name: title }).isVisible()).toBe(false);
  });

  it('asks for the user where the issuer wants that, and loses no draft', async () => {
    const visited = await aDraft();
    const { page, context } = visited;
    await summary(page, /Blocks/);
    Object.assign(provider.settings, { tokenSeconds: shortSeconds, refreshes: false });
    // A sign-in from now on ends soon.
    await context.clearCookies();
    await page.reload();
    await signIn(visited);
    await switchOf('Mistral', page).waitFor();
    await context.clearCookies();
    await page.getByRole('heading', { name: title }).waitFor();
    await providerIs('off', 'Mistral', page);

    provider.settings.tokenSeconds = 600;
    await signIn(visited);

    await page.getByRole('heading', { name: title }).waitFor({ state: 'detached' });
    await live(page);
    await summary(page, /Blocks/);
    expect(await draftBar(page).isVisible()).toBe(true);
  });
});
