import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonText } from '../../src/domain/input/json-text.ts';
import { jsonSize } from '../../src/server/limits/answer-size.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const maxBytes = 100_000;
const service = await startService({ limits: { answerBytes: maxBytes } });
const { ask, aWorld, db } = service;
const call = restOf(service);

const longKeys = Array.from({ length: 250 }, (_, n) => `${n}`.padEnd(190, 'x'));

/** A world whose settings take about 50 kB. */
async function aWorldWithLongSettings() {
  const world = await aWorld();
  const input = { organizationId: world.organization.id, disabledModels: longKeys };
  const { data } = await ask(UpdateSettings, { input }, { as: world.admin });
  expect(data?.updateModelSettings).toMatchObject({ __typename: 'OrganizationModelSettings' });
  return world;
}

const tooLarge = { extensions: { code: 'ANSWER_TOO_LARGE', status: 422, details: { maxBytes } } };

describe('the size of a value as JSON', () => {
  it('is that of its text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4, stringUnit: 'binary' }), (text) => {
        const value: unknown = JSON.parse(text);
        const bytes = Buffer.byteLength(JSON.stringify(value));
        const size = jsonSize(value, 1_000_000);
        expect(size).toBeGreaterThanOrEqual(bytes);
        expect(size).toBeLessThanOrEqual(bytes + text.length);
      }),
    );
  });

  it('is that of a text of JSON, as it is copied', () => {
    const text = '{"name":  "é"}';

    expect(jsonSize({ text: new JsonText(text) }, 1_000)).toBe(
      jsonSize({ text: 0 }, 1_000) - 1 + Buffer.byteLength(text),
    );
  });

  it('is not asked further than it may be', () => {
    const reads: string[] = [];
    const value = Array.from({ length: 100 }, (_, n) => ({
      get text() {
        reads.push(`${n}`);
        return 'x'.repeat(1_000);
      },
    }));

    expect(jsonSize(value, 10_000)).toBeGreaterThan(10_000);
    expect(reads.length).toBeLessThan(12);
  });
});

describe('an answer that would be too long', () => {
  it.each([
    [
      'by aliases',
      '{ organization(id: "$ID") { modelSettings { a: disabledModels b: disabledModels c: disabledModels } } }',
    ],
    [
      'by ids that are repeated',
      '{ nodes(ids: ["$ID", "$ID", "$ID"]) { ... on Organization { modelSettings { disabledModels } } } }',
    ],
    [
      'by references that are repeated',
      '{ _entities(representations: [$R, $R, $R]) { ... on Organization { modelSettings { disabledModels } } } }',
    ],
    [
      'by revisions',
      '{ organization(id: "$ID") { a: revisions { ...R } b: revisions { ...R } c: revisions { ...R } } } fragment R on RevisionConnection { edges { node { changes { added } } } }',
    ],
  ])('is not written, and says so: %s', async (_, text) => {
    const { organization, admin } = await aWorldWithLongSettings();
    const reference = `{ __typename: "Organization", id: "${organization.id}" }`;
    const query = text.replaceAll('$ID', organization.id).replaceAll('$R', reference);

    const answer = await ask(query, {}, { as: admin });

    expect(answer).not.toHaveProperty('data');
    expect(answer.errors).toMatchObject([tooLarge]);
    expect(answer.status).toBe(422);
  });

  it('is one of the same operation that is not, with less in it', async () => {
    const { organization, admin } = await aWorldWithLongSettings();
    const query = `{ organization(id: "${organization.id}") { modelSettings { disabledModels } } }`;

    expect((await ask(query, {}, { as: admin })).data).toMatchObject({
      organization: { modelSettings: { disabledModels: longKeys } },
    });
  });

  it('is one of a REST route too, of however many pages it is made', async () => {
    const { organization, member } = await aWorld();
    const settings = { note: 'x'.repeat(16_000) };
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1', settings };
    const create = async () => ask(CreateConfig, { input }, { as: member });
    for (let count = 0; count < 5; count += 1) await create();
    const short = await call('GET', '/v1/model-configs', { as: member });
    await Promise.all([create(), create(), create()]);

    const long = await call('GET', '/v1/model-configs', { as: member });

    expect(short.body.total).toBe(5);
    expect(long.status).toBe(400);
    expect(long.body.details).toMatchObject([{ code: 'ANSWER_TOO_LARGE' }]);
  });

  it('is refused once the first page of a REST list was read, where the settings of all are too long', async () => {
    const paged = await startService({ limits: { answerBytes: maxBytes, pageSize: 2 } });
    const { organization, member } = await paged.aWorld();
    const settings = { note: 'x'.repeat(16_000) };
    const input = { organizationId: organization.id, provider: 'openai', modelId: 'gpt-4.1', settings };
    for (let count = 0; count < 8; count += 1) await paged.ask(CreateConfig, { input }, { as: member });
    paged.takeStatements();

    const { status, body } = await restOf(paged)('GET', '/v1/model-configs', { as: member });

    expect([status, body.details[0].code]).toEqual([400, 'ANSWER_TOO_LARGE']);
    const pages = paged.takeStatements().filter((sql) => sql.includes('LATERAL'));
    expect(pages).toHaveLength(1);
  });

  it('tells of a change that was made nevertheless', async () => {
    const { organization, admin } = await aWorldWithLongSettings();
    const change = `mutation { updateModelSettings(input: { organizationId: "${organization.id}", disabledProviders: ["google"] }) {
      ... on OrganizationModelSettings { a: disabledModels b: disabledModels c: disabledModels } } }`;

    expect((await ask(change, {}, { as: admin })).errors).toMatchObject([tooLarge]);
    expect(await db.modelSettings.findUnique({ where: { organizationId: organization.id } })).toMatchObject({
      disabledProviders: ['google'],
    });
  });
});
