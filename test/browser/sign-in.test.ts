import { beforeEach, describe, expect, it, vi } from 'vitest';
import { tokenOf } from '../kit/issuer.ts';
import { enter, openIssuer, runUntil, signInAs, startSignIn, type Visited } from './sign-in-pages.ts';

const { url, provider, visit, serve, serveWithoutSignIn, aWorld } = await startSignIn();

beforeEach(() => {
  Object.assign(provider.settings, { tokenSeconds: 600, refreshes: true, isolates: false });
  provider.grants.length = 0;
  serve({});
});

const bar = ({ page }: Visited) => page.locator('#sign-in section');

/** For a token to end, which takes a second. */
const patience = { timeout: 30_000, interval: 200 };

/** Everything that outlives the page, and every address that was asked for. */
async function leftBy({ page, context, requests }: Visited): Promise<string> {
  const stored = await page.evaluate(() => [localStorage, sessionStorage, history.state, document.cookie]);
  const databases = await page.evaluate(() => indexedDB.databases());
  const cookies = await context.cookies();
  return JSON.stringify([stored, databases, cookies, requests.map((request) => request.url()), page.url()]);
}

describe('sign-in with a browser, at a real provider', () => {
  it('lets GraphiQL ask as the user, and leaves no token anywhere', async () => {
    const visited = await visit('/graphql');
    await signInAs('mara', visited);

    expect(await bar(visited).innerText()).toContain('Signed in as Mara of the provider');
    await runUntil('"name": "Mara of the provider"', visited);
    const [token = '', ...others] = await visited.sentTokens();
    expect(token).toMatch(/^ey.+\..+\..+$/);
    expect(others).toEqual([]);
    expect(await leftBy(visited)).not.toContain(token);
    expect((await visited.context.cookies(`${url}/graphql`)).filter(({ name }) => !name.startsWith('_'))).toEqual([]);
    // The provider's window is closed, and the code is in no history.
    expect(visited.context.pages()).toEqual([visited.page]);
  });

  it('asks no other host than the service and the issuer', async () => {
    const visited = await visit('/graphql');
    await signInAs('mara', visited);
    await runUntil('"name": "Mara of the provider"', visited);

    const origins = visited.requests
      .map((request) => new URL(request.url()))
      .filter(({ protocol }) => protocol !== 'blob:');
    expect(new Set(origins.map(({ origin }) => origin))).toEqual(new Set([url, provider.issuer]));
    const ofIssuer = origins.filter(({ origin }) => origin === provider.issuer).map(({ pathname }) => pathname);
    expect(ofIssuer).toEqual(['/token']);
  });

  it('loads the schema, which is for signed-in callers, once there is one, and shows no error before', async () => {
    const visited = await visit('/graphql');
    await expect.poll(() => visited.requests.some((request) => request.method() === 'POST')).toBe(true);
    expect(await visited.page.locator('.graphiql-response').innerText()).not.toContain('error');
    await signInAs('mara', visited);

    await visited.page.getByLabel('Show Documentation Explorer').dispatchEvent('click');
    await visited.page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query', exact: true }).waitFor();
  });

  it('leaves the authorization that a tab sets under Headers', async () => {
    const visited = await visit('/graphql');
    await signInAs('mara', visited);

    const status = await visited.page.evaluate(async () => {
      const headers = { authorization: 'Bearer of-a-tab', 'content-type': 'application/json' };
      return (await fetch('/graphql', { method: 'POST', headers, body: '{"query":"{ __typename }"}' })).status;
    });

    expect(status).toBe(401);
    expect(await visited.sentTokens()).toContain('of-a-tab');
  });

  it('renews the token by a refresh token once it ends', async () => {
    provider.settings.tokenSeconds = 1;
    const visited = await visit('/graphql');
    await signInAs('mara', visited);

    await vi.waitFor(async () => {
      await runUntil('"name": "Mara of the provider"', visited);
      expect((await visited.sentTokens()).length).toBeGreaterThan(2);
    }, patience);

    expect(new Set(provider.grants.slice(1))).toEqual(new Set(['refresh_token']));
    expect(provider.grants.length).toBeGreaterThan(2);
    expect(await bar(visited).innerText()).toContain('Signed in as Mara');
  });

  it('renews it in a frame where the issuer gives no refresh token', async () => {
    Object.assign(provider.settings, { tokenSeconds: 1, refreshes: false });
    const visited = await visit('/graphql');
    await signInAs('mara', visited);

    await vi.waitFor(async () => {
      await runUntil('"name": "Mara of the provider"', visited);
      expect((await visited.sentTokens()).length).toBeGreaterThan(1);
    }, patience);

    expect(new Set(provider.grants)).toEqual(new Set(['authorization_code']));
    expect(visited.context.pages()).toEqual([visited.page]);
    expect(visited.page.frames()).toEqual([visited.page.mainFrame()]);
  });

  it('says that the sign-in has ended where the issuer wants the user, and asks nothing as nobody', async () => {
    Object.assign(provider.settings, { tokenSeconds: 1, refreshes: false });
    const visited = await visit('/graphql');
    await signInAs('mara', visited);
    await visited.context.clearCookies();

    await runUntil('Your sign-in has ended', visited);
    const asked = visited.requests.length;
    await runUntil('Your sign-in has ended', visited);
    expect(visited.requests.length).toBe(asked);
    expect(await bar(visited).innerText()).toContain('You are no longer signed in at the issuer. (login_required');
    expect(await visited.page.locator('.graphiql-query-editor').innerText()).toContain('WhoAmI');

    await signInAs('mara', visited, 'Sign in again');
    await runUntil('"name": "Mara of the provider"', visited);
  });

  it('goes on, later, where the issuer could not be reached when the token ended', async () => {
    provider.settings.tokenSeconds = 1;
    const visited = await visit('/graphql');
    await signInAs('mara', visited);
    await visited.context.route(`${provider.issuer}/token`, (route) => route.abort());

    await runUntil('cannot be reached from this page', visited);
    expect(await bar(visited).innerText()).toContain('Signed in as Mara');

    await visited.context.unroute(`${provider.issuer}/token`);
    await runUntil('"name": "Mara of the provider"', visited);
  });

  it('does not go on as somebody else who has signed in at the issuer since', async () => {
    Object.assign(provider.settings, { tokenSeconds: 1, refreshes: false });
    const visited = await visit('/graphql');
    await signInAs('mara', visited);
    await visited.context.clearCookies();
    const another = await visited.context.newPage();
    await another.goto(`${url}/graphql`);
    await signInAs('jonas', { ...visited, page: another });

    await runUntil('Your sign-in has ended', visited);

    expect(await bar(visited).innerText()).toContain('somebody else is signed in now');
    expect(await visited.page.locator('.graphiql-response').innerText()).not.toContain('Jonas');
  });

  it('forgets the tokens when the user signs out, and revokes the refresh token', async () => {
    const visited = await visit('/graphql');
    await signInAs('mara', visited);
    await runUntil('"name": "Mara of the provider"', visited);

    await visited.page.getByRole('button', { name: 'Sign out' }).click();
    await runUntil('"user": null', visited);

    const there = bar(visited).getByRole('link', { name: /^Sign out at 127/ });
    expect(await there.getAttribute('href')).toBe(`${provider.issuer}/session/end?client_id=modelgate-pages`);
    const revocation = visited.requests.find((request) => request.url() === `${provider.issuer}/token/revocation`);
    expect((await revocation?.response())?.status()).toBe(200);
  });

  it('works at an issuer whose pages are cut off from the window that opened them', async () => {
    provider.settings.isolates = true;
    const visited = await visit('/graphql');
    const popup = await openIssuer(visited);
    await popup.waitForURL(`${provider.issuer}/interaction/**`);
    expect(await popup.evaluate(() => window.opener)).toBeNull();

    await enter('mara', popup);

    await bar(visited).getByText('Signed in as Mara').waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);
  });

  it('says so where the browser opens no window, and where the user gives up', async () => {
    const visited = await visit('/graphql');
    const popup = await openIssuer(visited);
    await visited.page.getByRole('button', { name: 'Cancel' }).click();
    await bar(visited).getByText('You are not signed in.').waitFor();
    await expect.poll(() => popup.isClosed()).toBe(true);

    await visited.page.evaluate(() => {
      window.open = () => null;
    });
    await visited.page.getByRole('button', { name: 'Sign in' }).click();
    await bar(visited).getByText('Allow pop-ups for this page').waitFor();
  });

  it('tells what the issuer says where it refuses', async () => {
    const visited = await visit('/graphql');
    const popup = await openIssuer(visited);
    await popup.getByRole('link', { name: 'Cancel' }).click();

    await bar(visited).getByText('Access was denied').waitFor();

    expect(await bar(visited).innerText()).toContain('(access_denied: End-User aborted interaction)');
    await signInAs('mara', visited);
  });

  it('shows no sentence that a link to its page brings', async () => {
    const { page } = await visit('/graphql');
    const shown = async (query: string) => {
      await page.goto(`${url}/sign-in?${query}`);
      await page.getByText('The issuer refused').waitFor();
      return page.locator('main').innerText();
    };

    expect(await shown('error=access_denied&error_description=Call+555+now')).toBe('The issuer refused: access_denied');
    expect(await shown('error=Call+555+now')).toBe('The issuer refused.');
  });

  it('tells which address the issuer has to know, in case it does not', async () => {
    serve({ clientId: 'unknown' });
    const visited = await visit('/graphql');
    const popup = await openIssuer(visited);
    await popup.getByText('invalid_client').waitFor();

    expect(await bar(visited).innerText()).toContain(`${url}/sign-in has to be a redirect URI of the client unknown`);

    await visited.page.getByRole('button', { name: 'Cancel' }).click();
    await bar(visited).getByText('You are not signed in.').waitFor();
  });

  it('says at once where the service does not accept the token of the issuer', async () => {
    serve({ parameters: {} });
    const visited = await visit('/graphql');
    const popup = await openIssuer(visited);
    await enter('mara', popup);

    await bar(visited)
      .getByText('the service does not accept its token: Your session is invalid (it is no JWT')
      .waitFor();
  });

  it('sends the ID token where that is what the service accepts', async () => {
    serve({ parameters: {}, token: 'id' }, 'modelgate-pages');
    const visited = await visit('/graphql');
    await signInAs('mara', visited);

    await runUntil('"name": "Mara of the provider"', visited);
  });

  it('says so where the issuer cannot be reached', async () => {
    const issuer = 'http://127.0.0.1:9';
    serve({ issuer });
    const visited = await visit('/graphql');

    expect(await bar(visited).innerText()).toContain(`The issuer ${issuer} cannot be reached`);
  });

  it('signs in on the page of the REST API, whose requests carry the token', async () => {
    const visited = await visit('/v1/docs');
    await signInAs('mara', visited);

    const operation = visited.page.locator('.opblock-get').first();
    await operation.locator('.opblock-summary-control').click();
    await operation.getByRole('button', { name: 'Try it out' }).click();
    for (const field of await operation.locator('tr.parameters input[type=text]').all()) await field.fill('org_none');
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table').waitFor();

    expect(await visited.sentTokens()).toHaveLength(1);
  });
});

describe('GraphiQL where the issuer has no sign-in for pages', () => {
  it('asks with the token that the user pastes, and keeps it nowhere', async () => {
    const { admin } = await aWorld();
    const token = await tokenOf(admin);
    serveWithoutSignIn();
    const visited = await visit('/graphql');
    const { page } = visited;
    const paste = async (text: string) => {
      await page.getByLabel('Token or API key').fill(text);
      await page.getByRole('button', { name: 'Use it' }).click();
    };

    // It has asked what the graph is made of, was refused, and waits: no error is shown.
    await expect.poll(() => visited.requests.filter((request) => request.method() === 'POST')).toHaveLength(1);
    expect(await page.locator('.graphiql-response').innerText()).not.toContain('error');
    await paste('no.real.token');
    await bar(visited).getByText('Your session is invalid').waitFor();
    await paste(`Bearer ${token}`);
    await bar(visited).getByText('You ask with the token that you pasted.').waitFor();

    await runUntil(`"id": "${admin.id}"`, visited);
    await page.getByLabel('Show Documentation Explorer').dispatchEvent('click');
    await page.locator('.graphiql-doc-explorer').getByRole('link', { name: 'Query', exact: true }).waitFor();
    expect(await leftBy(visited)).not.toContain(token);
    await page.getByRole('button', { name: 'Forget it' }).click();
    await runUntil('"user": null', visited);
  });
});
