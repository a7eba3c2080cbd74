import { describe, expect, it } from 'vitest';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService();

const settings =
  'query Settings($id: ID!) { organizationModelSettings(organizationId: $id) { revision disabledModels } }';

describe('an answer that was kept', () => {
  it('is given again without a statement, with a line, an id and a price of its own', async () => {
    const { admin, organization } = await service.aWorld();
    const ask = () => service.ask(settings, { id: organization.id }, { as: admin });
    const first = await ask();
    service.takeStatements();
    const lines = service.logLines().length;

    const second = await ask();

    expect(service.takeStatements()).toEqual([]);
    expect(second.data).toEqual(first.data);
    expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'));
    const left = ({ headers }: typeof first) => Number(/r=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1]);
    expect(left(first) - left(second)).toBe(11);
    expect(service.logLines().slice(lines)).toMatchObject([
      { outcome: 'OK', operationName: 'Settings', viewerId: admin.id, path: '/graphql', status: 200 },
    ]);
  });

  it('is given at the REST routes too, by what the client has already, until something changes', async () => {
    const call = restOf(service);
    const { admin, organization } = await service.aWorld();
    const path = `/v1/organizations/${organization.id}/model-settings`;
    const read = (headers = {}) => call('GET', path, { as: admin, headers });
    const first = await read();
    const etag = first.headers.get('etag') ?? '';
    await read({ 'if-none-match': etag });
    service.takeStatements();

    const again = await read();
    const known = await read({ 'if-none-match': etag });

    expect(service.takeStatements()).toEqual([]);
    expect([again.status, again.body, again.headers.get('etag')]).toEqual([200, first.body, etag]);
    expect([known.status, known.body, known.headers.get('etag')]).toEqual([304, undefined, etag]);
    expect(known.headers.get('cache-control')).toBe(first.headers.get('cache-control'));

    await call('PATCH', path, { as: admin, body: { disabled_models: ['gpt-4o'] } });
    const after = await read({ 'if-none-match': etag });
    expect([after.status, after.body.data?.disabled_models ?? after.body.disabled_models]).toEqual([200, ['gpt-4o']]);
  });

  it('is not one to a change, nor one with errors, nor one that tells what is not told of', async () => {
    const { admin, organization } = await service.aWorld();
    const failing = `{ models(organizationId: "${organization.id}", first: 101) { edges { cursor } } }`;
    await service.ask(failing, {}, { as: admin });
    await service.ask(failing, {}, { as: admin });
    expect(service.logLines().at(-1)).toMatchObject({ outcome: 'VALIDATION_ERROR' });

    const used = `{ modelConfigUsage(organizationId: "${organization.id}") { usageCount } }`;
    expect((await service.ask(used, {}, { as: admin })).errors).toBe(undefined);
    service.takeStatements();
    await service.ask(used, {}, { as: admin });
    expect(service.takeStatements()).toHaveLength(1);

    const change = `mutation { createOrganization(input: { name: "Twice" }) { ... on Organization { id } } }`;
    const ids = [];
    for (let times = 0; times < 2; times++) {
      const { data } = await service.ask<{ createOrganization: { id: string } }, never>(change, undefined, {
        as: admin,
      });
      ids.push(data?.createOrganization.id);
    }
    expect(new Set(ids).size).toBe(2);
  });

  it('is given to nobody else', async () => {
    const { admin, stranger, organization } = await service.aWorld();
    await service.ask(settings, { id: organization.id }, { as: admin });
    await service.ask(settings, { id: organization.id }, { as: admin });

    const { errors } = await service.ask(settings, { id: organization.id }, { as: stranger });

    expect(errors?.[0]?.extensions.code).toBe('ORGANIZATION_ACCESS_DENIED');
  });
});
