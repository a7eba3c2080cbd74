import { z } from '@hono/zod-openapi';
import { maxIdLength } from '../limits.ts';
import { parseBody } from './faults.ts';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import { answerOnce } from './once.ts';
import type { Permission } from './options.ts';
import { enteredBy, organizationHeader, organizationOf } from './organization-of.ts';
import { type RestApp, type RestContext, readJson } from './wire.ts';

type HeadersObject = Record<string, { description: string; schema: { type: 'string' } }>;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** A route as it is described, and as its requests are read: nothing is said of them elsewhere. */
export interface Route<Body, Query> {
  summary: string;
  description?: string;
  deprecated?: true;
  /** What the answer is, where nothing is wrong: its status, what it says, and its schema. */
  answer: readonly [status: number, description: string, schema?: z.ZodType];
  /** Headers of the answer, as OpenAPI describes them. */
  answerHeaders?: HeadersObject;
  query?: z.ZodType<Query>;
  /** Headers of the request, beside those that every route of its kind has. */
  headers?: Record<string, z.ZodType>;
  /** The body of a change, and what one must be allowed before anything is said of it. */
  body?: z.ZodType<Body>;
  permission?: Permission;
  /** Other answers that are no refusals. */
  others?: Record<number, { description: string; headers: HeadersObject }>;
  /** An object is answered as JSON with the route's status, a response as it is. */
  handle: (call: Call<Body, Query>) => object | Promise<object>;
}

/** A request whose parts are what its route says. */
export interface Call<Body, Query> {
  graph: Graph;
  /** The organization of the path, or else the one that is acted in; empty where the path has an id. */
  organizationId: string;
  /** The id that the path ends in. */
  id: string;
  body: Body;
  query: Query;
  context: RestContext;
}

/** What routes of one system have in common. */
export interface System {
  /** The schema of its errors. */
  error: z.ZodType;
  /** The statuses that a route may refuse with, beside those that every route has. */
  statusesOf: (route: RouteKind) => readonly number[];
  /** What its statuses mean, where that is not what they mean everywhere. */
  meanings: Record<number, string>;
  /** The schemas of parameters of the path. */
  parameters: Record<string, z.ZodType>;
  /** A refusal in the system's own words. */
  adapt: (refusal: HttpError, id: string) => HttpError;
}

/** What the refusals of a route follow from. */
interface RouteKind {
  hasId: boolean;
  isChange: boolean;
  hasBody: boolean;
  hasQuery: boolean;
}

const meanings = {
  401: 'Nobody is signed in.',
  403: 'The caller is no member of the organization, or may not do this in it.',
  413: 'The body is too large.',
  415: 'The body is not `application/json`.',
  429: 'The caller has spent its points; `Retry-After` says when there are new ones.',
  500: 'A fault of the service.',
  503: 'The service cannot answer right now.',
};

const idempotencyKey = z.string().optional().openapi({
  description: 'Any string of up to 255 characters. The same request with the same key has its effect once.',
});

/** Adds a route of a system to the app, and to its documentation: `GET /v1/model-configs/{id}`. */
export function define<Body, Query>(
  app: RestApp,
  system: System,
  name: `${string} /v1/${string}`,
  route: Route<Body, Query>,
): void {
  const [verb = '', path = ''] = name.split(' ');
  const method = verb.toLowerCase() as Method;
  const isChange = method !== 'get';
  app.openAPIRegistry.registerPath({ method, path, ...describe(system, path, isChange, route) });

  app.on(verb, path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
    const answer = (graph: Graph) => respond(system, path, route, context, graph);
    refuseLongIds(context);
    if (!isChange) return answer(context.env.graph);
    context.env.options.checkBody(context.req.raw);
    return answerOnce(context, answer);
  });
}

const json = (schema: z.ZodType) => ({ content: { 'application/json': { schema } } });

/** Whether a route acts in an organization that its path does not name, nor by the id of anything in it. */
const actsIn = (path: string) => !path.startsWith('/v1/organizations') && !path.includes('{id}');

function describe<Body, Query>(system: System, path: string, isChange: boolean, route: Route<Body, Query>) {
  const { summary, description, deprecated, answer, answerHeaders, query, body, others } = route;
  const [status, meaning, schema] = answer;
  const parameters = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => [name, system.parameters[name]]);
  const headers = {
    ...(actsIn(path) ? { 'x-organization-id': organizationHeader } : {}),
    ...(isChange ? { 'idempotency-key': idempotencyKey } : {}),
    ...route.headers,
  };
  return {
    tags: [path.split('/')[2] ?? ''],
    summary,
    ...(description ? { description } : {}),
    ...(deprecated ? { deprecated } : {}),
    request: {
      ...(parameters.length > 0 ? { params: z.object(Object.fromEntries(parameters)) } : {}),
      ...(query ? { query: query as unknown as z.ZodObject } : {}),
      headers: z.object(headers),
      ...(body ? { body: { required: !body.safeParse(undefined).success, ...json(body) } } : {}),
    },
    responses: {
      [status]: {
        description: meaning,
        ...(answerHeaders ? { headers: answerHeaders } : {}),
        ...(schema ? json(schema) : {}),
      },
      ...others,
      ...refusalsOf(system, {
        hasId: path.includes('{id}'),
        isChange,
        hasBody: body !== undefined,
        hasQuery: query !== undefined,
      }),
    },
  };
}

function refusalsOf(system: System, kind: RouteKind) {
  const descriptions: Record<number, string> = { ...meanings, ...system.meanings };
  return Object.fromEntries(
    [...system.statusesOf(kind), 401, 429, 500, 503].map((status) => [
      status,
      { description: descriptions[status] ?? '', ...json(system.error) },
    ]),
  );
}

async function respond<Body, Query>(
  { adapt }: System,
  path: string,
  { answer: [status], permission, body, query, handle }: Route<Body, Query>,
  context: RestContext,
  graph: Graph,
): Promise<Response> {
  const { req } = context;
  const id = req.param('id') ?? '';
  const read = async () => ({
    body: (body && parseBody(body, await readJson(context))) as Body,
    query: (query && parseBody(query, req.query())) as Query,
  });
  try {
    const organizationId = actsIn(path) ? await organizationOf(context, graph) : (req.param('organization_id') ?? '');
    const said = await read().catch(async (fault: unknown) => {
      // One who may not do the thing at all is told so first, whatever the request says.
      await (permission ? graph.authorize(permission, id || organizationId) : enteredBy(graph));
      throw fault;
    });
    const answer = await handle({ ...said, graph, organizationId, id, context });
    if (answer instanceof Response) return answer;
    return status === 204 ? new Response(null, { status }) : Response.json(answer, { status });
  } catch (error) {
    throw adapt(graph.refusalOf(error), id);
  }
}

/** What names an object, in the path or in a header, is measured before it is looked up. @throws HttpError */
function refuseLongIds({ req }: RestContext): void {
  const given = { ...req.param(), 'X-Organization-Id': req.header('x-organization-id') ?? '' };
  const [name] = Object.entries(given).find(([, value]) => value.length > maxIdLength) ?? [];
  if (name === undefined) return;
  throw new HttpError('VALIDATION_ERROR', `${name}: must not be longer than ${maxIdLength} characters`, {
    status: 400,
  });
}
