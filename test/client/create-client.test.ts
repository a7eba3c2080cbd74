import type { RequestListener } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  CallerDocument,
  CreateModelConfigDocument,
  createClient,
  isModelgateError,
  ModelSettingsDocument,
  RequestError,
  UpdateModelSettingsDocument,
} from '../../clients/typescript/src/index.ts';
import { openPersistedDocuments } from '../../src/server.ts';
import { tokenOf } from '../kit/issuer.ts';
import { listenOnLoopback } from '../kit/loopback.ts';
import { startService } from '../kit/service.ts';

const service = await startService({ persistedDocuments: openPersistedDocuments({ files: [], only: false }) });
const { organization, admin, member, stranger } = await service.aWorld();
const organizationId = organization.id;

/** A client of a service, which is asked as a person. */
async function clientOf(
  listener: RequestListener,
  person: { id: string } | undefined,
  options: Partial<Parameters<typeof createClient>[0]> = {},
) {
  const { url, close } = await listenOnLoopback(listener);
  onTestFinished(close);
  return createClient({ url: `${url}/graphql`, ...(person && { token: () => tokenOf(person) }), ...options });
}

/** Answers the first requests like this, and notes their keys; the others are the service's. */
function behind(answers: RequestListener[], keys: (string | undefined)[] = []): RequestListener {
  return (request, response) => {
    const key = request.headers['idempotency-key'];
    keys.push(Array.isArray(key) ? key.join() : key);
    const [first] = answers.splice(0, 1);
    (first ?? service.listener)(request, response);
  };
}

describe('createClient', () => {
  it('answers with data, by whose types results are told apart', async () => {
    const client = await clientOf(service.listener, admin);

    const { organizationModelSettings } = await client.request(ModelSettingsDocument, { organizationId });
    const { updateModelSettings } = await client.request(UpdateModelSettingsDocument, {
      input: { organizationId, disabledProviders: ['opnai'], expectedRevision: organizationModelSettings.revision },
    });

    if (!isModelgateError(updateModelSettings)) throw new Error('It was changed.');
    if (updateModelSettings.__typename !== 'InvalidProviderSlugError') throw new Error(updateModelSettings.message);
    expect(updateModelSettings).toMatchObject({ code: 'INVALID_PROVIDER_SLUG', invalidProviders: ['opnai'] });
  });

  it('sends ids in place of texts, if told to', async () => {
    const only = service.anotherInstance({
      persistedDocuments: openPersistedDocuments({ files: [], only: true }),
    });
    const persisted = await clientOf(only.listener, admin, { persisted: true });
    const unknown = await clientOf(only.listener, admin);

    const { caller } = await persisted.request(CallerDocument, {});

    expect(caller).toMatchObject({ user: { id: admin.id } });
    await expect(unknown.request(CallerDocument, {})).rejects.toMatchObject({ status: 400, code: 'VALIDATION_ERROR' });
  });

  it.each([
    ['a bad token', { token: 'no.token.at-all' }, undefined, { status: 401, code: 'AUTHENTICATION_REQUIRED' }],
    ['an organization of others', {}, stranger, { status: 200, code: 'ORGANIZATION_ACCESS_DENIED', data: null }],
  ])('throws the top-level error for %s, and does not send it again', async (_, options, person, expected) => {
    const keys: (string | undefined)[] = [];
    const client = await clientOf(behind([], keys), person, options);

    const error = await client.request(ModelSettingsDocument, { organizationId }).catch((fault) => fault);

    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ ...expected, errors: [{ extensions: { traceId: expect.any(String) } }] });
    expect(keys).toHaveLength(1);
  });

  it('waits as long as it is told to, and sends it again', async () => {
    const client = await clientOf(
      behind([(_, response) => void response.writeHead(429, { 'retry-after': '0' }).end('{}')]),
      member,
    );

    expect((await client.request(CallerDocument, {})).caller.user).toMatchObject({ id: member.id });
  });

  it('does not wait for a minute, but says how long it is', async () => {
    const limited = service.anotherInstance({ limits: { viewerPoints: 1, rateWindowSeconds: 600 } });
    const client = await clientOf(limited.listener, member);
    await client.request(CallerDocument, {}).catch(() => {});

    const error = await client.request(CallerDocument, {}).catch((fault) => fault);

    expect(error).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
    expect(error.retryAfter).toBeGreaterThan(60);
  });

  it('makes a change once, though the answer was lost and it is sent again', async () => {
    const keys: (string | undefined)[] = [];
    // It passes the request on, and cuts the connection once that was answered.
    const lose: RequestListener = (request, response) => {
      response.end = () => response.destroy();
      service.listener(request, response);
    };
    const client = await clientOf(behind([lose], keys), member);
    const input = { organizationId, provider: 'openai', modelId: 'gpt-4.1' };

    const { createModelConfig } = await client.request(CreateModelConfigDocument, { input });

    expect(createModelConfig.__typename).toBe('ModelConfig');
    expect(keys).toEqual([expect.stringMatching(/^\d+(-\d+){3}$/), keys[0]]);
    expect(await service.db.modelConfig.count({ where: { userId: member.id } })).toBe(1);
  });

  it('throws what fetch says where nothing answers, and the status of what is not the service', async () => {
    const cut: RequestListener = (_, response) => void response.destroy();
    const proxy: RequestListener = (_, response) => void response.writeHead(502).end('<h1>Bad gateway</h1>');
    const nobody = await clientOf(behind([cut, cut]), member, { retries: 1 });
    const other = await clientOf(behind([proxy]), member, { retries: 0 });

    await expect(nobody.request(CallerDocument, {})).rejects.toMatchObject({ status: 0, cause: expect.any(TypeError) });
    await expect(other.request(CallerDocument, {})).rejects.toMatchObject({ status: 502, code: undefined, errors: [] });
  });

  it('sends it again where the answer breaks off', async () => {
    const part: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"data"', () => response.destroy());
    };
    const client = await clientOf(behind([part]), member);

    expect((await client.request(CallerDocument, {})).caller.user).toMatchObject({ id: member.id });
  });

  it.each([
    ['{"errors":{"message":"no"}}', []],
    ['{"errors":"no"}', []],
    ['{"errors":[null,{"message":"no"}]}', [{ message: 'no' }]],
    ['{"data":null,"errors":null}', []],
    ['null', []],
  ])('throws one kind of error for whatever a proxy answers: %s', async (text, errors) => {
    const proxy: RequestListener = (_, response) => void response.writeHead(502).end(text);
    const client = await clientOf(behind([proxy]), member, { retries: 0 });

    const error = await client.request(CallerDocument, {}).catch((fault) => fault);

    expect(error).toBeInstanceOf(RequestError);
    expect(error).toMatchObject({ status: 502, code: undefined, errors });
  });

  it.each([
    ['a date', new Date(Date.now() + 600_000).toUTCString(), [590, 600]],
    ['a date that has passed', new Date(0).toUTCString(), [0, 0]],
    ['neither', 'soon', undefined],
  ])('understands a Retry-After that is %s', async (_what, value, range) => {
    const busy: RequestListener = (_, response) => void response.writeHead(503, { 'retry-after': value }).end();
    const client = await clientOf(behind([busy]), member, { retries: 0 });

    const { retryAfter } = await client.request(CallerDocument, {}).catch((fault) => fault);

    if (range === undefined) return expect(retryAfter).toBeUndefined();
    expect(retryAfter).toBeGreaterThanOrEqual(range[0] ?? 0);
    expect(retryAfter).toBeLessThanOrEqual(range[1] ?? 0);
  });

  it('is aborted amid an answer, too', async () => {
    const aborting = new AbortController();
    const part: RequestListener = (_, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"data"');
    };
    const client = await clientOf(behind([part]), member, {
      fetch: (...parameters) => fetch(...parameters).finally(() => setTimeout(() => aborting.abort())),
    });

    const asking = client.request(CallerDocument, {}, { signal: aborting.signal });

    await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });

  it('ends at once when it is aborted, also while it waits', async () => {
    const client = await clientOf(
      behind([(_, response) => void response.writeHead(429, { 'retry-after': '20' }).end('{}')]),
      member,
    );
    const aborting = new AbortController();

    const asking = client.request(CallerDocument, {}, { signal: aborting.signal });
    setTimeout(() => aborting.abort(), 50);

    await expect(asking).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
  });
});
