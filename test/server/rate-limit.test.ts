import { afterAll, describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const byViewer = await startService({ limits: { viewerPoints: 3, rateWindowSeconds: 600, addressPoints: 0 } });
const briefly = await startService({ limits: { viewerPoints: 1, rateWindowSeconds: 1, addressPoints: 0 } });
const byAddress = await startService({ limits: { addressPoints: 3, rateWindowSeconds: 600 } });
const behindProxy = await startService({ limits: { addressPoints: 3, rateWindowSeconds: 600 }, trustedProxies: 1 });
const direct = await listenOnLoopback(byAddress.listener);
const proxied = await listenOnLoopback(behindProxy.listener);
afterAll(() => {
  direct.close();
  proxied.close();
});

let people = 0;
const aViewer = () => ({ id: `usr_rate${++people}` });
let addresses = 0;
const anAddress = () => `203.0.113.${++addresses}`;

const hello = '{ __typename }';

/** Asks over a connection, as a client behind the proxy where an address is given. */
function askOver(base: string, headers: Record<string, string> = {}, query = hello): Promise<Response> {
  return fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });
}

/** The statuses of requests that are sent one after another. */
async function statuses(count: number, send: () => Promise<{ status: number }>): Promise<number[]> {
  const found: number[] = [];
  for (let index = 0; index < count; index++) found.push((await send()).status);
  return found;
}

describe('a viewer', () => {
  it('is refused with the first point too many, and told when to come back', async () => {
    const viewer = aViewer();
    const ask = () => byViewer.ask(hello, {}, { as: viewer });
    expect(await statuses(3, ask)).toEqual([200, 200, 200]);

    const { status, data, errors, headers } = await ask();

    const seconds = Number(headers.get('retry-after'));
    expect(seconds).toBeGreaterThan(500);
    expect(seconds).toBeLessThanOrEqual(600);
    expect(status).toBe(429);
    expect(data).toBe(undefined);
    expect(errors?.[0]).toMatchObject({
      message: `Too many points were spent; try again in ${seconds} s`,
      extensions: {
        code: 'RATE_LIMITED',
        type: 'rate_limit_error',
        status: 429,
        details: { retryAfterSeconds: seconds },
      },
    });
  });

  it('is told what is left, in the standard headers', async () => {
    const viewer = aViewer();
    const { headers } = await byViewer.ask(hello, {}, { as: viewer });

    expect(headers.get('ratelimit-policy')).toBe('"viewer";q=3;qu="points";w=600');
    expect(headers.get('ratelimit')).toBe('"viewer";r=2;t=600');
    expect(headers.get('retry-after')).toBe(null);
  });

  it('does not spend what another has', async () => {
    const first = aViewer();
    await statuses(4, () => byViewer.ask(hello, {}, { as: first }));

    expect((await byViewer.ask(hello, {}, { as: aViewer() })).status).toBe(200);
    expect((await byViewer.ask(hello)).status).toBe(200);
  });

  it('spends what the operation costs, before it runs', async () => {
    const { organization, member } = await byViewer.aWorld();
    byViewer.takeStatements();
    const query = `{ models(organizationId: "${organization.id}", first: 50) { edges { node { id } } } }`;

    const { status, headers } = await byViewer.ask(query, {}, { as: member });

    expect(status).toBe(429);
    expect(headers.get('ratelimit')).toMatch(/^"viewer";r=0;t=/);
    expect(byViewer.takeStatements().join()).not.toContain('ModelSettings');
  });

  it('may come back in the next window', async () => {
    const viewer = aViewer();
    expect(await statuses(2, () => briefly.ask(hello, {}, { as: viewer }))).toEqual([200, 429]);

    const again = async () => (await briefly.ask(hello, {}, { as: viewer })).status;

    await expect.poll(again, { timeout: 10_000, interval: 300 }).toBe(200);
  });
});

describe('an address', () => {
  it('is refused with the first point too many, whoever asks and whatever it says of itself; not so its health', async () => {
    const forged = () => askOver(direct.url, { 'x-forwarded-for': anAddress(), forwarded: `for=${anAddress()}` });
    expect(await statuses(4, forged)).toEqual([200, 200, 200, 429]);

    const response = await forged();

    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] });
    expect(response.headers.get('ratelimit-policy')).toBe('"address";q=3;qu="points";w=600');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await fetch(`${direct.url}/health`)).status).toBe(200);
    expect((await fetch(`${direct.url}/ready`)).status).toBe(200);
  });

  it('is what the trusted proxy says, last', async () => {
    const client = anAddress();
    const ask = () => askOver(proxied.url, { 'x-forwarded-for': `${anAddress()}, ${client}` });

    expect(await statuses(4, ask)).toEqual([200, 200, 200, 429]);
    expect((await askOver(proxied.url, { 'x-forwarded-for': anAddress() })).status).toBe(200);
  });

  it.each([
    ['tokens that do not hold', { authorization: 'Bearer nonsense' }, hello, 401],
    ['API keys that do not exist', { authorization: `Bearer mgk_${'a'.repeat(43)}` }, hello, 401],
    ['documents that are refused', {}, '{ nonsense', 400],
    ['requests that are refused', { 'content-type': 'text/xml' }, hello, 415],
  ])('spends a point for %s, too', async (_, headers, query, refused) => {
    const forwarded = { 'x-forwarded-for': anAddress() };
    const ask = () =>
      askOver(proxied.url, { ...forwarded, accept: 'application/graphql-response+json', ...headers }, query);

    expect(await statuses(4, ask)).toEqual([refused, refused, refused, 429]);
    expect((await askOver(proxied.url, forwarded)).status).toBe(429);
  });
});

describe('a limit of no points', () => {
  it('is none, and told by no header', async () => {
    const { status, headers } = await byViewer.ask(hello);

    expect(status).toBe(200);
    expect(headers.get('ratelimit')).toBe(null);
  });
});
