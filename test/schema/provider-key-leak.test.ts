import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { anApiKey, aSecret, ReadProviderKeySecret } from '../kit/keys.ts';
import { startService } from '../kit/service.ts';

const service = await startService();
const { aWorld, database, db, fetch, logLines } = service;

/** Every row of every table as text, and every binary value in the ways that text might hide in it. */
async function dump(): Promise<string> {
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  onTestFinished(() => client.end());
  const { rows: tables } = await client.query<{ name: string }>(
    `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await client.query({ text: `SELECT t::text, t.* FROM ${name} t`, rowMode: 'array' });
    for (const value of rows.flat()) {
      texts.push(typeof value === 'string' ? value : JSON.stringify(value));
      if (Buffer.isBuffer(value))
        texts.push(...(['latin1', 'utf8', 'base64', 'hex'] as const).map((e) => value.toString(e)));
    }
  }
  expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['"ProviderKey"', '"ApiKey"', '"Revision"']));
  return texts.join('\n');
}

const formsOf = (secret: string) => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
];

describe('a known secret', () => {
  it('is in no answer, log line or row after creating, rotating, failing and deleting', async () => {
    const world = await aWorld();
    const { organization, admin, member, stranger } = world;
    const bearer = await mint({ sub: admin.id });
    const answers: string[] = [];
    const secrets: string[] = [];
    const fresh = (secret = aSecret()) => {
      secrets.push(secret);
      return secret;
    };
    const send = async (body: string, { token = bearer, path = '/graphql', method = 'POST' } = {}) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const request = new Request(`http://localhost${path}`, {
        method,
        headers,
        ...(method === 'POST' ? { body } : {}),
      });
      const text = await (await fetch(request)).text();
      answers.push(text);
      return JSON.parse(text);
    };
    const create = (input: object, token?: string) => {
      const query = `mutation Create($input: CreateProviderKeyInput!) { createProviderKey(input: $input) {
        __typename ... on ProviderKey { id name last4 } ... on ModelgateError { code message } } }`;
      const given = { organizationId: organization.id, provider: 'openai', name: 'Production', ...input };
      return send(JSON.stringify({ query, variables: { input: given } }), token === undefined ? {} : { token });
    };
    const rotate = (input: object) => {
      const query = `mutation Rotate($input: RotateProviderKeyInput!) { rotateProviderKey(input: $input) {
        __typename ... on ModelgateError { code message } } }`;
      return send(JSON.stringify({ query, variables: { input } }));
    };

    const { id } = (await create({ secret: fresh() })).data.createProviderKey;
    const kept = (await create({ secret: fresh() })).data.createProviderKey.id;
    await rotate({ id, secret: fresh() });
    await rotate({ id: kept, secret: fresh() });

    // What fails: by rule, by role, by revision, and by what graphql-js itself finds and quotes.
    await create({ secret: fresh(`${aSecret()}…`) });
    await create({ secret: fresh(`${aSecret()} `) });
    await create({ secret: fresh(), name: '' });
    await create({ secret: fresh(), provider: 'nobody' });
    await create({ secret: fresh(), expectedRevision: 99 });
    await create({ secret: fresh() }, await mint({ sub: member.id }));
    await create({ secret: fresh() }, await mint({ sub: stranger.id }));
    await create({ secret: fresh() }, 'mgk_nonsense');
    await create({ secret: fresh(), unknown: true });
    await create({ secret: [fresh()] });
    await create({ secret: { value: fresh() } });
    await create({ secret: fresh(), isActive: 'yes' });
    await create({ secret: fresh(), expectedRevision: fresh() });
    await create({ secret: fresh(), expectedRevision: 10 ** 12 });
    await rotate({ id: 'key_absent', secret: fresh() });
    await rotate({ secret: fresh() });
    const literal = (secret: string) =>
      `mutation { createProviderKey(input: { organizationId: "${organization.id}", provider: "openai", name: "x", secret: ${secret}`;
    await send(JSON.stringify({ query: `${literal(`["${fresh()}"]`)} }) { __typename } }` }));
    await send(JSON.stringify({ query: `${literal(`"${fresh()}"`)}, isActive: "${fresh()}" }) { __typename } }` }));
    await send(JSON.stringify({ query: `${literal(`"${fresh()}" "${fresh()}"`)}` }));
    await send(`{"query": "${fresh()}`);
    await send('', {
      method: 'GET',
      path: `/graphql?query=${encodeURIComponent(`${literal(`"${fresh()}"`)} }) { __typename } }`)}`,
    });

    // Used by a service, whose answer is the one place where it may stand; then deleted.
    const { token } = await anApiKey(service, world, ['KEYS_USE', 'READ']);
    secrets.push(token);
    const { data } = await service.ask(ReadProviderKeySecret, { id: kept }, { token });
    expect(secrets).toContain(data?.providerKeySecret.secret);
    await send(JSON.stringify({ query: `mutation { deleteProviderKey(input: { id: "${id}" }) { __typename } }` }));

    expect(secrets.length).toBeGreaterThan(25);
    const told = answers.join('\n');
    expect(told).toContain('DeleteProviderKeyPayload');
    const places = { answers: told, log: JSON.stringify(logLines()), database: await dump() };
    for (const [place, text] of Object.entries(places)) {
      expect(text.length).toBeGreaterThan(1000);
      const found = secrets.flatMap(formsOf).filter((form) => text.includes(form));
      expect([place, found]).toEqual([place, []]);
    }
    // The search would find what is there.
    const planted = await db.organization.create({ data: { id: 'org_planted', name: aSecret() } });
    expect(await dump()).toContain(planted.name);
  });
});
