import { describe, expect, it } from 'vitest';
import { UpdateSettings } from '../kit/operations.ts';
import { startService } from '../kit/service.ts';
import { aReport, record } from '../kit/usage.ts';

const standard = await startService();
const narrow = await startService({ limits: { pageSize: 2, inputList: 3, usageBatch: 4, entities: 2 } });

const services = [
  ['by default', standard, { pageSize: 100, inputList: 250, usageBatch: 1_000 }],
  ['as the service is set up', narrow, { pageSize: 2, inputList: 3, usageBatch: 4 }],
] as const;

const texts = (count: number) => Array.from({ length: count }, (_, index) => `model-${index}`);
const Page = 'query ($id: ID!, $n: Int) { models(organizationId: $id, first: $n) { edges { cursor } } }';
const Nodes = 'query ($ids: [ID!]!) { nodes(ids: $ids) { id } }';

describe.each(services)('a list, %s,', (_, service, { pageSize, inputList, usageBatch }) => {
  it('has pages of a limited size', async () => {
    const { organization, member } = await service.aWorld();
    const read = (n?: number) =>
      service.ask<{ models: { edges: object[] } }, object & Record<string, unknown>>(
        Page,
        { id: organization.id, n },
        { as: member },
      );

    expect((await read(pageSize)).data?.models.edges.length).toBeLessThanOrEqual(pageSize);
    expect((await read()).data?.models.edges.length).toBeLessThanOrEqual(pageSize);
    expect((await read(pageSize + 1)).errors).toMatchObject([
      { message: `first: must be from 0 to ${pageSize}`, extensions: { code: 'VALIDATION_ERROR' } },
    ]);
  });

  it('of ids has a limited length', async () => {
    const { member } = await service.aWorld();
    const read = (length: number) => service.ask(Nodes, { ids: Array(length).fill('cfg_x') }, { as: member });

    expect((await read(pageSize)).data).toEqual({ nodes: Array(pageSize).fill(null) });
    expect((await read(pageSize + 1)).errors).toMatchObject([
      { message: `ids: must not have more than ${pageSize} entries`, extensions: { code: 'VALIDATION_ERROR' } },
    ]);
  });

  it('in an input has a limited length', async () => {
    const { organization, admin } = await service.aWorld();
    const change = (length: number) =>
      service.ask(
        UpdateSettings,
        { input: { organizationId: organization.id, disabledModels: texts(length) } },
        { as: admin },
      );

    expect((await change(inputList + 1)).data?.updateModelSettings).toMatchObject({
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'disabledModels', message: `must not have more than ${inputList} entries` }],
    });
    expect(await service.db.revision.count({ where: { organizationId: organization.id } })).toBe(0);
    expect((await change(inputList)).data?.updateModelSettings).toMatchObject({ disabledModels: texts(inputList) });
  });

  it('of records of usage has a limited length', async () => {
    const { organization, owner } = await service.aWorld();
    const report = (length: number) =>
      record(
        service,
        organization,
        owner,
        Array.from({ length }, () => aReport()),
      );

    expect(await report(usageBatch + 1)).toMatchObject({
      __typename: 'ModelgateValidationError',
      issues: [{ path: 'records', message: `must not have more than ${usageBatch} entries` }],
    });
    expect(await report(usageBatch)).toMatchObject({ recorded: usageBatch, duplicates: 0 });
  });
});

describe('the scopes of an API key', () => {
  it('are no more than there are', async () => {
    const { organization, owner } = await standard.aWorld();
    const create = (scopes: string) =>
      standard.ask(
        `mutation { createApiKey(input: { organizationId: "${organization.id}", name: "x", scopes: [${scopes}] }) { __typename } }`,
        {},
        { as: owner },
      );

    expect((await create('READ '.repeat(5))).data).toEqual({
      createApiKey: { __typename: 'ModelgateValidationError' },
    });
    expect((await create('READ '.repeat(4))).data).not.toEqual({
      createApiKey: { __typename: 'ModelgateValidationError' },
    });
  });
});
