import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newMasterKey } from '../../src/domain/vault/master-keys.ts';
import { createTestDatabase } from '../kit/database.ts';
import { addressOf, projectFolder, run, runs } from './process.ts';

const page = readFileSync(join(projectFolder, 'docs/first-decision.md'), 'utf8');
const blocks = [...page.matchAll(/^```sh (\w+)\n(.*?)^```$/gms)].map(([, info = '', text = '']) => ({ info, text }));

/** The commands of the page for one issuer, without the first block of it: that says which issuer. */
function commandsFor(issuer: string): string[] {
  const [, ...others] = blocks.filter(({ info }) => info === issuer);
  const walk = blocks.filter(({ info }) => info === 'walk').map(({ text }) => text);
  return [walk[0] ?? '', ...others.map(({ text }) => text), ...walk.slice(1)];
}

/** An issuer with a discovery document and keys, which answers whoever signs in with a password. */
async function anIssuer(path: string, claimsFor: (form: URLSearchParams) => Record<string, unknown>) {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
  const mint = (claims: Record<string, unknown>) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .setIssuer(issuer)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey);
  const server = createServer(async (request, response) => {
    const json = (value: object) => void response.end(JSON.stringify(value));
    if (request.url === `${path}/.well-known/openid-configuration`) return json({ issuer, jwks_uri: `${issuer}/keys` });
    if (request.url === `${path}/keys`) return json(jwks);
    if (request.url !== `${path}/protocol/openid-connect/token`) return void response.writeHead(404).end();
    let body = '';
    for await (const chunk of request) body += chunk;
    json({ access_token: await mint(claimsFor(new URLSearchParams(body))) });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  return { issuer, mint };
}

/** Follows the page: what each of its requests was answered. */
async function follow(name: 'keycloak' | 'clerk', issuer: string, given: Record<string, string>) {
  const database = await createTestDatabase();
  onTestFinished(() => database.drop());
  const env = {
    DATABASE_URL: database.url,
    AUTH_ISSUER: issuer,
    AUTH_PRESET: name,
    MASTER_KEYS: newMasterKey('one'),
    PORT: '0',
  };
  const MODELGATE = await addressOf(runs(['serve'], { env }));
  const { stdout, stderr } = await run(['-c', `set -e\n${commandsFor(name).join('\n')}`], {
    program: '/bin/sh',
    env: { ...given, AUTH_ISSUER: issuer, MODELGATE },
  });
  expect(stderr).toBe('');
  const [me, settings, refused, allowed, history] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).data);
  return { me, settings, refused, allowed, history };
}

/** What the page promises, whoever the issuer is. */
function expectWalked(
  { me, settings, refused, allowed, history }: Awaited<ReturnType<typeof follow>>,
  actions: string[],
) {
  expect(me.caller).toMatchObject({
    user: { id: expect.stringMatching(/^user?_|^usr_/), name: 'Mara Vogt' },
    memberships: [{ role: 'OWNER', organization: { id: expect.stringMatching(/^org_/) } }],
  });
  expect(settings.updateModelSettings).toEqual({ __typename: 'OrganizationModelSettings' });
  expect(refused.modelAccess).toMatchObject({ allowed: false, reasons: ['MODEL_DISABLED'] });
  expect(allowed.modelAccess).toMatchObject({ allowed: true, reasons: [] });
  const nodes = history.organization.revisions.edges.map(({ node }: { node: object }) => node);
  expect(nodes).toEqual(
    actions.map((action, index) => ({ number: actions.length - index, action, actor: { name: 'Mara Vogt' } })),
  );
}

describe('docs/first-decision.md, followed', () => {
  it('leads from a Keycloak realm to a decision, and a history with a name', async () => {
    const asked: URLSearchParams[] = [];
    const { issuer } = await anIssuer('/realms/acme', (form) => {
      asked.push(form);
      return {
        sub: 'f3b7c2f0-6a53-4d8e-9a45-0b8a6f6f2d11',
        typ: 'Bearer',
        azp: form.get('client_id'),
        realm_access: { roles: ['default-roles-acme', 'offline_access'] },
        scope: form.get('scope'),
        organization: ['acme'],
        name: 'Mara Vogt',
        preferred_username: form.get('username'),
        email: 'mara@acme.example',
        email_verified: true,
      };
    });

    const walked = await follow('keycloak', issuer, { USERNAME: 'mara', PASSWORD: 'hunter2' });

    expectWalked(walked, ['API_KEY_CREATED', 'MODEL_SETTINGS_UPDATED', 'ORGANIZATION_CREATED']);
    expect(asked[0]?.get('scope')).toBe('openid profile email organization:acme');
  });

  it('leads from a Clerk instance with stock roles to the same', async () => {
    const { issuer, mint } = await anIssuer('', () => ({}));
    const TOKEN = await mint({
      sub: 'user_2mFxKq0t5V2qBd7xkN1oPz8uYcE',
      sid: 'sess_2mFxKs',
      sts: 'active',
      v: 2,
      fva: [3, -1],
      o: { id: 'org_2mFxLr9bUo4GQ', slg: 'acme', rol: 'admin', per: 'read', fpm: '1' },
      name: 'Mara Vogt',
    });

    expectWalked(await follow('clerk', issuer, { TOKEN }), ['API_KEY_CREATED', 'MODEL_SETTINGS_UPDATED']);
  });
});
