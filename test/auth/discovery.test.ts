import { expect, it } from 'vitest';
import { discoverKeySet } from '../../src/auth/fetch-key-set.ts';
import { anIssuerServer } from '../kit/issuer-server.ts';

const issuerNamed = async (document: (url: string) => unknown, status = 200) => {
  const server = await anIssuerServer();
  const url = new URL(server.url).origin;
  server.answerWith((_, response) => void response.writeHead(status).end(JSON.stringify(document(url))));
  return url;
};
const discover = (issuer: string) => discoverKeySet(issuer, AbortSignal.timeout(5_000));

it('finds the keys where the document names the issuer, with a slash at the end or without', async () => {
  for (const slash of ['', '/']) {
    const url = await issuerNamed((origin) => ({ issuer: `${origin}${slash}`, jwks_uri: `${origin}/keys` }));

    expect(await discover(`${url}${slash}`)).toBe(`${url}/keys`);
  }
});

it('says of a document of another issuer what it names, and what is to be done', async () => {
  const url = await issuerNamed((origin) => ({ issuer: origin, jwks_uri: `${origin}/keys` }));

  await expect(discover(`${url}/`)).rejects.toThrow(
    `The discovery document of the issuer names ${url}, and not ${url}/: set the issuer to the letter`,
  );
});

it.each([
  [
    'is none',
    404,
    {},
    'answered with status 404; where there is none, say where the keys are (AUTH_JWKS_URL, or jwksUrl)',
  ],
  ['is not one', 200, { keys: [] }, 'has no issuer and jwks_uri'],
  ['names no URL', 200, { issuer: 'acme', jwks_uri: 'keys' }, 'has no issuer and jwks_uri'],
])('says that the document %s', async (_what, status, document, fault) => {
  const url = await issuerNamed(() => document, status);

  await expect(discover(url)).rejects.toThrow(`The discovery document of the issuer ${fault}`);
});
