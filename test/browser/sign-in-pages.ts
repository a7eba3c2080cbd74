import { pino } from 'pino';
import type { BrowserContext, Page, Request } from 'playwright-core';
import { afterAll, afterEach, vi } from 'vitest';
import { createIssuerKeys } from '../../src/auth/issuer-keys.ts';
import type { SignInOptions } from '../../src/server/sign-in/sign-in.ts';
import { clientId, resource, startIdentityProvider } from '../kit/identity-provider.ts';
import { trustedIssuer } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';
import { closeContexts, sharedBrowser } from '../kit/shared-browser.ts';

/** A page of the service in a browser of its own user, and what it has asked for. */
export interface Visited {
  page: Page;
  context: BrowserContext;
  /** Of the page, and of its frames. */
  requests: Request[];
  /** The tokens that the service was sent by it, without repetition. */
  sentTokens: () => Promise<string[]>;
}

/** A service that trusts a real provider, whose users sign in with a real browser; until the file's tests are done. */
export async function startSignIn() {
  const place = await listenOnLoopback((request, response) => listener(request, response));
  const provider = await startIdentityProvider({ redirectUris: [`${place.url}/sign-in`] });
  const { close: closeKeys, ...keys } = createIssuerKeys({ url: provider.jwksUrl, log: pino({ level: 'silent' }) });
  const signIn: SignInOptions = {
    issuer: provider.issuer,
    clientId,
    scopes: 'openid profile email offline_access',
    token: 'access',
    // Without this prompt the provider gives no refresh token.
    parameters: { resource, prompt: 'consent' },
  };
  const service = await startService({
    graphiql: true,
    console: true,
    signIn,
    issuers: [{ issuer: provider.issuer, audience: resource, ...keys }],
    clock: () => new Date(),
  });
  let { listener } = service;
  const browser = await sharedBrowser();
  afterEach(() => closeContexts(browser));
  afterAll(() => {
    place.close();
    provider.close();
    closeKeys();
  });

  /** Opens a page of the service, and waits for its sign-in. Fonts that the provider's own pages want of elsewhere are not given. */
  const visit = async (path: string, shown = '#sign-in'): Promise<Visited> => {
    const context = await browser.newContext();
    await context.route(/fonts\.googleapis/, (route) => route.abort());
    const page = await context.newPage();
    const requests: Request[] = [];
    page.on('request', (request) => requests.push(request));
    await page.goto(`${place.url}${path}`);
    await page.locator(shown).waitFor();
    return { page, context, requests, sentTokens: () => tokensOf(requests, place.url) };
  };
  return {
    url: place.url,
    provider,
    /** From now on pages are of a service whose issuer, that of the kit, has no sign-in for pages. */
    serveWithoutSignIn: () => {
      ({ listener } = service.anotherInstance({ signIn: undefined, issuers: [trustedIssuer] }));
    },
    aWorld: service.aWorld,
    db: service.db,
    visit,
    /** From now on pages are of a service with other options, which accepts tokens for this audience. */
    serve: (options: Partial<SignInOptions>, audience = resource) => {
      ({ listener } = service.anotherInstance({
        signIn: { ...signIn, ...options },
        issuers: [{ issuer: provider.issuer, audience, ...keys }],
      }));
    },
  };
}

async function tokensOf(requests: readonly Request[], url: string): Promise<string[]> {
  const sent = await Promise.all(
    requests.filter((request) => request.url().startsWith(url)).map((request) => request.headerValue('authorization')),
  );
  return [...new Set(sent.filter((value) => value !== null))].map((value) => value.replace('Bearer ', ''));
}

/** Presses the button, and answers the window that it opens. */
export async function openIssuer({ page, context }: Visited, button = 'Sign in'): Promise<Page> {
  const [popup] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  return popup;
}

/** Signs in at the provider, and gives it consent. */
export async function signInAs(login: string, visited: Visited, button?: string): Promise<void> {
  const popup = await openIssuer(visited, button);
  await enter(login, popup);
  await visited.page.getByText('Signed in as').waitFor();
}

/** Fills the provider's forms in. */
export async function enter(login: string, popup: Page): Promise<void> {
  await popup.fill('[name=login]', login);
  await popup.fill('[name=password]', 'any');
  await popup.click('button[type=submit]');
  await popup.getByRole('button', { name: 'Continue' }).click();
}

/** Runs what is in GraphiQL's editor, until the result says this. */
export async function runUntil(text: string, { page }: Visited): Promise<void> {
  const result = page.locator('.graphiql-response', { hasText: text });
  await vi.waitFor(
    async () => {
      await page.locator('.graphiql-execute-button').dispatchEvent('click');
      await result.waitFor({ timeout: 4_000 });
    },
    { timeout: 25_000 },
  );
}
