import { beforeEach, describe, expect, it } from 'vitest';
import { createCatalog } from '../../src/catalog/read-catalog.ts';
import { anEntry } from '../catalog/entries.ts';
import { CreateConfig } from '../kit/config-operations.ts';
import { exceptionsOf, made } from '../kit/exceptions.ts';
import { UpdateSettings } from '../kit/operations.ts';
import { restOf } from '../kit/rest.ts';
import { nothingRemembered, type Service, startService } from '../kit/service.ts';
import { followersOf } from '../kit/subscriptions.ts';
import type { World } from '../kit/world.ts';

const catalog = createCatalog([
  anEntry({ modelId: 'strong', baseModel: 'strong' }),
  anEntry({ modelId: 'small', baseModel: 'strong', displayOrder: 1 }),
]);

// Not a day that is over: the database leaves out by its own clock what has ended long ago. At noon, so that no day ends meanwhile.
const start = new Date(new Date().setUTCHours(36, 0, 0, 0));
const end = new Date(start.getTime() + 30 * 60_000);
let now = start;
const clock = () => now;
const service = await startService({ catalog, clock });
const forgetful = service.anotherInstance({ cache: nothingRemembered });
const { request, grant, decide } = exceptionsOf(service, clock);
const { follow } = await followersOf(service);

beforeEach(() => {
  now = start;
});

/** An organization without the strong model, which its default configuration is of. */
async function aStrictWorld(): Promise<World> {
  const world = await service.aWorld();
  const organizationId = world.organization.id;
  const config = {
    organizationId,
    provider: 'openai',
    modelId: 'strong',
    scope: 'ORGANIZATION',
    isDefault: true,
  } as const;
  await service.ask(CreateConfig, { input: config }, { as: world.owner });
  await service.ask(UpdateSettings, { input: { organizationId, disabledModels: ['strong'] } }, { as: world.owner });
  return world;
}

const ofGraph =
  (query: string) =>
  async (instance: Service, { organization, member }: World) => {
    const { data, errors } = await instance.ask(
      `query ($id: ID!) { ${query} }`,
      { id: organization.id },
      { as: member, once: true },
    );
    expect(errors).toBe(undefined);
    return data;
  };

const reads: Record<string, (instance: Service, world: World) => Promise<unknown>> = {
  'a decision': ofGraph('modelAccess(organizationId: $id, modelKey: "strong") { allowed reasons validUntil }'),
  'a decision, and the exception that it names': ofGraph(
    'modelAccess(organizationId: $id, modelKey: "strong") { allowed exception { id state until } }',
  ),
  'the decision on a model of a list': ofGraph(
    'models(organizationId: $id) { edges { node { access(organizationId: $id) { allowed } } } }',
  ),
  'the decision on a configuration': ofGraph(
    'modelConfigs(organizationId: $id) { edges { node { access { allowed } } } }',
  ),
  'the models that are allowed': ofGraph(
    'models(organizationId: $id, filter: { allowed: true }) { edges { node { id } } }',
  ),
  'the number of those that are not': ofGraph('models(organizationId: $id, filter: { allowed: false }) { totalCount }'),
  'the configurations whose model is allowed': ofGraph(
    'modelConfigs(organizationId: $id, filter: { allowed: true }) { totalCount }',
  ),
  'the models of a group': ofGraph('modelGroups(organizationId: $id) { options { access { allowed } } }'),
  'the effective default': ofGraph('organization(id: $id) { effectiveDefaultModel { model { id } } }'),
  'the models, at a REST route': async (instance, { organization, member }) => {
    const { status, body } = await restOf(instance)('GET', `/v1/organizations/${organization.id}/models`, {
      as: member,
      once: true,
    });
    expect(status).toBe(200);
    return body;
  },
};

/** What `Organization` is read from is no part of the cache: all else is answered from it. */
const isCached = (name: string) => name !== 'the effective default';

describe('an answer by an exception', () => {
  it.each(Object.entries(reads))('ends with it, without a request in between: %s', async (name, read) => {
    const world = await aStrictWorld();
    const before = await read(forgetful, world);
    const until = end.toISOString();
    made(await grant(world, world.admin, { subjectId: world.member.id, models: ['strong'], until }));
    await service.heard();

    const first = await read(service, world);
    expect(first).not.toEqual(before);
    service.takeStatements();
    now = new Date(end.getTime() - 1);
    expect(await read(service, world)).toEqual(first);
    if (isCached(name)) expect(service.takeStatements()).toEqual([]);
    expect(await read(forgetful, world)).toEqual(first);

    now = end;
    expect(await read(service, world)).toEqual(before);
    expect(await read(forgetful, world)).toEqual(before);
  });
});

describe('the way of an exception', () => {
  it('is from the request of a member, which the admin is told of, by the grant until Friday, to its end', async () => {
    const world = await aStrictWorld();
    const { organization, admin, member } = world;
    const mayUse = async () => {
      const told = await (reads['a decision'] ?? expect.fail())(service, world);
      return (told as { modelAccess: { allowed: boolean } }).modelAccess.allowed;
    };
    const query = `subscription ($organizationId: ID!) { organizationRevision(organizationId: $organizationId) {
      action actor { id } revision { subjectId reason } } }`;
    const events = await follow(organization, { as: admin, query });
    expect(await mayUse()).toBe(false);

    const until = new Date(start.getTime() + 5 * 24 * 3_600_000).toISOString();
    await request(world, member, { models: ['strong'], until, reason: 'The offer to Acme' });
    const { value } = await events.next();
    await events.return();
    const told = value?.data?.organizationRevision as unknown as { revision: { subjectId: string } };
    expect(told).toEqual({
      ...{ action: 'MODEL_EXCEPTION_REQUESTED', actor: { id: member.id } },
      revision: { subjectId: expect.stringMatching(/^exc_/), reason: 'The offer to Acme' },
    });
    expect(await mayUse()).toBe(false);

    const friday = new Date(start.getTime() + 2 * 24 * 3_600_000);
    const granted = made(await decide(world, admin, { id: told.revision.subjectId }, { until: friday.toISOString() }));
    expect(granted).toMatchObject({ state: 'GRANTED', subjectId: member.id, requestedBy: { id: member.id } });
    expect(await mayUse()).toBe(true);
    now = new Date(friday.getTime() - 1);
    expect(await mayUse()).toBe(true);
    now = friday;
    expect(await mayUse()).toBe(false);
  });
});
