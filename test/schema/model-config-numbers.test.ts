import { describe, expect, it } from 'vitest';
import { mint } from '../kit/issuer.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';
import type { World } from '../kit/world.ts';

const service = await startService();
const { aWorld, db, fetch } = service;
const call = restOf(service);

const result =
  '__typename ... on ModelConfig { id settings } ... on ModelgateError { code } ... on ModelgateValidationError { issues { path message } }';
const rounded = 'is a whole number that is rounded when it is read; write it as a string';

interface Told {
  settings?: unknown;
  issues?: { path: string; message: string }[];
}

/** What becomes of settings, given as text since JavaScript would round them here already, by each way that they can come. */
const ways: [string, (world: World, settings: string) => Promise<Told>][] = [
  [
    'a variable',
    async ({ organization, member }, settings) => {
      const query = `mutation ($input: CreateModelConfigInput!) { createModelConfig(input: $input) { ${result} } }`;
      const input = `{"organizationId":"${organization.id}","provider":"openai","modelId":"gpt-4.1","settings":${settings}}`;
      return post(member, `{"query":${JSON.stringify(query)},"variables":{"input":${input}}}`);
    },
  ],
  [
    'a document',
    async ({ organization, member }, settings) => {
      const literal = settings.replaceAll(/"(\w+)":/g, '$1: ');
      const input = `{ organizationId: "${organization.id}", provider: "openai", modelId: "gpt-4.1", settings: ${literal} }`;
      return post(member, JSON.stringify({ query: `mutation { createModelConfig(input: ${input}) { ${result} } }` }));
    },
  ],
  [
    'a REST body',
    async ({ member }, settings) => {
      const body = `{"provider":"openai","modelId":"gpt-4.1","settings":${settings}}`;
      const { body: told } = await call('POST', '/v1/model-configs', { as: member, body });
      return { settings: told.settings, issues: told.details };
    },
  ],
];

async function post(as: { id: string }, body: string): Promise<Told> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${await mint({ sub: as.id })}` };
  const response = await fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));
  const { data, errors } = await response.json();
  expect(errors).toBeUndefined();
  return data.createModelConfig;
}

describe.each(ways)('a number in settings that come by %s', (_, send) => {
  it.each([
    ['9007199254740992'],
    ['9007199254740993'],
    ['-9007199254740993'],
    ['12345678901234567890123456789'],
    ['9007199254740993.0'],
    ['9.007199254740993e15'],
    ['1e300'],
  ])('is refused as %s, by its path', async (number) => {
    const world = await aWorld();

    const told = await send(world, `{"a":{"ids":[1,${number}]}}`);

    expect(told.issues).toMatchObject([{ path: 'settings.a.ids.1', message: rounded }]);
    expect(await db.modelConfig.count({ where: { organizationId: world.organization.id } })).toBe(0);
  });

  it('is refused where it is infinite', async () => {
    const world = await aWorld();

    expect((await send(world, '{"a":1e400}')).issues).toMatchObject([{ path: 'settings' }]);
  });

  it('is kept where it is a whole number up to 2^53 - 1, a fraction, or text', async () => {
    const world = await aWorld();

    const { settings } = await send(
      world,
      '{"a":[9007199254740991,-9007199254740991,0.1,1e-7,123456.789,"9007199254740993"]}',
    );

    expect(JSON.stringify(settings)).toBe(
      '{"a":[9007199254740991,-9007199254740991,0.1,1e-7,123456.789,"9007199254740993"]}',
    );
  });

  it('is as long as PostgreSQL writes it', async () => {
    const world = await aWorld();
    const tiny = (count: number) => `{"a":[${Array.from({ length: count }, () => '5e-324').join(',')}]}`;

    expect((await send(world, tiny(51))).issues).toMatchObject([{ path: 'settings' }]);
    expect(await send(world, tiny(45))).toMatchObject({ settings: { a: { length: 45 } } });
  });

  it('is told ten times at the most', async () => {
    const world = await aWorld();

    const { issues } = await send(world, `{"a":[${Array.from({ length: 500 }, () => '9007199254740993').join(',')}]}`);

    expect(issues).toHaveLength(10);
  });
});
