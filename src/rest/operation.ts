import { z } from '@hono/zod-openapi';
import { accessOf } from './access.ts';
import { DescribedDryRun } from './dry-run.ts';
import { type HeadersObject, headersNamed, requestHeaders } from './headers.ts';
import { organizationHeader } from './organization-of.ts';
import { commonRefusals, type Refusals } from './refusals.ts';
import type { Route, System } from './route.ts';
import type { RestApp } from './wire.ts';

const statusNames: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'ContentTooLarge',
  415: 'UnsupportedMediaType',
  422: 'UnprocessableContent',
  429: 'TooManyRequests',
  500: 'InternalServerError',
  503: 'ServiceUnavailable',
};

const everyAnswer = headersNamed({ 'X-Request-Id': 'RequestId' });
const everyChange = headersNamed({ 'Idempotency-Replayed': 'IdempotencyReplayed' });
const refusalHeaders: Record<number, HeadersObject> = {
  401: headersNamed({ 'WWW-Authenticate': 'Authenticate' }),
  429: headersNamed({ 'Retry-After': 'RetryAfter' }),
  503: headersNamed({ 'Retry-After': 'RetryAfter' }),
};

/** Whether a route acts in an organization that its path does not name, nor by the id of anything in it. */
export const actsIn = (path: string) => !path.startsWith('/v1/organizations') && !path.includes('{id}');

/** Adds the refusals of a system to the document, each once: operations refer to them. */
export function defineRefusals({ openAPIRegistry }: RestApp, { name, error, refusals, show }: System): void {
  const [errorName, schema] = error;
  openAPIRegistry.register(errorName, schema);
  const all: Refusals = { ...commonRefusals, ...refusals };
  for (const [status, { description, examples }] of Object.entries(all)) {
    openAPIRegistry.registerComponent('responses', `${name}${statusNames[Number(status)]}`, {
      description,
      headers: { ...everyAnswer, ...refusalHeaders[Number(status)] },
      content: {
        'application/json': {
          schema: { $ref: `#/components/schemas/${errorName}` },
          examples: Object.fromEntries(
            Object.entries(examples).map(([name, refusal]) => [
              name,
              { summary: refusal.message, value: show(refusal) },
            ]),
          ),
        },
      },
    });
  }
}

/** A route, as OpenAPI describes it. */
export function describe<Body, Query>(system: System, verb: string, path: string, route: Route<Body, Query>) {
  const { operationId, summary, deprecated, answer, answerHeaders, hasDryRun, body, others = {} } = route;
  const [status, meaning, schema] = answer;
  const isChange = verb !== 'GET' && !route.isSecret;
  const query = hasDryRun ? DescribedDryRun : route.query;
  const { who, security } = accessOf(route.access);
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, system.parameters[name]]);
  const headers = {
    ...(actsIn(path) ? { 'X-Organization-Id': organizationHeader } : {}),
    ...(isChange ? { 'Idempotency-Key': requestHeaders['Idempotency-Key'] } : {}),
    ...route.headers,
  };
  const refused = system.statusesOf({
    hasId: path.includes('{id}'),
    isChange,
    hasBody: body !== undefined,
    isConditional: route.headers?.['If-Match'] !== undefined,
  });
  return {
    operationId,
    tags: [system.tag],
    summary,
    description: [route.description, who].filter(Boolean).join('\n\n'),
    ...(deprecated ? { deprecated } : {}),
    security,
    request: {
      ...(parameters.length > 0 ? { params: z.object(Object.fromEntries(parameters)) } : {}),
      ...(query ? { query: query as unknown as z.ZodObject } : {}),
      headers: z.object(headers),
      ...(body ? { body: describeBody(route) } : {}),
    },
    responses: {
      [status]: {
        description: meaning,
        headers: { ...everyAnswer, ...(isChange ? everyChange : {}), ...answerHeaders },
        ...(schema ? { content: { [route.answerType ?? 'application/json']: { schema } } } : {}),
      },
      ...Object.fromEntries(
        Object.entries(others).map(([status, { description, headers }]) => [
          status,
          { description, headers: { ...everyAnswer, ...headers } },
        ]),
      ),
      ...Object.fromEntries(
        [...refused, 401, 403, 429, 500, 503].map((status) => [
          status,
          { $ref: `#/components/responses/${system.name}${statusNames[status]}` },
        ]),
      ),
    },
  };
}

function describeBody<Body, Query>({ body, describedBody = body, examples = {} }: Route<Body, Query>) {
  return {
    required: !body?.safeParse(undefined).success,
    content: {
      'application/json': {
        ...(describedBody ? { schema: describedBody } : {}),
        examples: Object.fromEntries(Object.entries(examples).map(([name, example]) => [name, { ...example }])),
      },
    },
  };
}
