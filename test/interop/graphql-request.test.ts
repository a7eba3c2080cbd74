import { ClientError, GraphQLClient } from 'graphql-request';
import { describe, expect, it } from 'vitest';
import {
  isModelgateError,
  ModelSettingsDocument,
  UpdateModelSettingsDocument,
} from '../../clients/typescript/src/index.ts';
import { startService } from '../kit/service.ts';
import { addressOf, headersOf } from './asked.ts';

const service = await startService();
const url = await addressOf(service);
const { organization, admin, member, stranger } = await service.aWorld();
const organizationId = organization.id;
const clientOf = async (person: { id: string }, at = url) =>
  new GraphQLClient(at, { headers: await headersOf(person) });

/** What an application knows of a request that failed. */
async function faultOf(asking: Promise<unknown>) {
  const error = await asking.catch((fault: unknown) => fault);
  if (!(error instanceof ClientError)) throw error;
  const { status, headers, errors } = error.response;
  const retryAfter = (headers as Headers).get('retry-after');
  return { status, code: errors?.[0]?.extensions?.code, ...(retryAfter === null ? {} : { retryAfter }) };
}

describe('graphql-request', () => {
  it('has the typed data and errors of a result', async () => {
    const client = await clientOf(admin);

    const changed = await client.request(UpdateModelSettingsDocument, {
      input: { organizationId, disabledProviders: ['google'] },
    });
    const denied = await (await clientOf(member)).request(UpdateModelSettingsDocument, {
      input: { organizationId, disabledProviders: [] },
    });

    expect(!isModelgateError(changed.updateModelSettings) && changed.updateModelSettings.revision).toBe(1);
    expect(isModelgateError(denied.updateModelSettings) && denied.updateModelSettings.code).toBe(
      'INSUFFICIENT_PERMISSIONS',
    );
  });

  it('throws top-level errors with their codes, and the Retry-After of a rate limit', async () => {
    const limited = service.anotherInstance({ limits: { viewerPoints: 1, rateWindowSeconds: 600 } });
    const tooMany = await clientOf(member, await addressOf(limited));
    const bad = new GraphQLClient(url, { headers: { authorization: 'Bearer no.token' } });
    await tooMany.request(ModelSettingsDocument, { organizationId }).catch(() => {});

    expect(await faultOf((await clientOf(stranger)).request(ModelSettingsDocument, { organizationId }))).toMatchObject({
      code: 'ORGANIZATION_ACCESS_DENIED',
    });
    expect(await faultOf(bad.request(ModelSettingsDocument, { organizationId }))).toMatchObject({
      status: 401,
      code: 'AUTHENTICATION_REQUIRED',
    });
    expect(await faultOf(tooMany.request(ModelSettingsDocument, { organizationId }))).toMatchObject({
      status: 429,
      code: 'RATE_LIMITED',
      retryAfter: expect.stringMatching(/^\d{3}$/),
    });
  });

  it('throws what fetch says where nothing answers', async () => {
    const client = await clientOf(admin, 'http://127.0.0.1:9/graphql');

    await expect(client.request(ModelSettingsDocument, { organizationId })).rejects.toThrow('fetch failed');
  });
});
