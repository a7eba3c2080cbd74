import type { z } from '@hono/zod-openapi';
import type { RoutePermission } from './access.ts';
import type { Graph } from './graph.ts';
import type { HeadersObject } from './headers.ts';
import type { HttpError } from './http-error.ts';
import type { Permission } from './options.ts';
import type { Refusals } from './refusals.ts';
import type { RestContext } from './wire.ts';

/** A route as it is described, and as its requests are read: nothing is said of them elsewhere. */
export interface Route<Body, Query> {
  /** The name of its function in generated clients: unique, and never changed. */
  operationId: string;
  summary: string;
  description: string;
  deprecated?: true;
  /** What its callers need, for the document. It is enforced by the graph. */
  access: RoutePermission;
  /** What the answer is, where nothing is wrong: its status, what it says, and its schema. */
  answer: readonly [status: number, description: string, schema?: z.ZodType];
  /** The media type of the answer; absent: JSON. */
  answerType?: string;
  /** Headers of the answer, as OpenAPI describes them. */
  answerHeaders?: HeadersObject;
  query?: z.ZodType<Query>;
  /** A POST whose answer is secret: it is not kept under an `Idempotency-Key`, and changes nothing that could be made twice. */
  isSecret?: true;
  /** Whether the change can be tried, by `?dry_run=true`. */
  hasDryRun?: boolean;
  /** Headers of the request, beside those that every route of its kind has. */
  headers?: Record<string, z.ZodType>;
  /** The body of a change, and what one must be allowed before anything is said of it. */
  body?: z.ZodType<Body>;
  /** The body as it is described, where more is taken than shall be sent. */
  describedBody?: z.ZodType;
  /** Bodies as the page of the document sends them at a click: each is refused, or changes nothing but what its summary says. */
  examples?: Record<string, { summary: string; value: object }>;
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
  isDryRun: boolean;
  context: RestContext;
}

/** What routes of one system have in common. */
export interface System {
  /** What the names of its components begin with. */
  name: string;
  /** The heading of its operations. */
  tag: string;
  description: string;
  /** The schema of its errors, and its name. */
  error: readonly [name: string, schema: z.ZodType];
  /** The body of a refusal. */
  show: (refusal: HttpError) => object;
  /** The statuses that a route may refuse with, beside those that every route has. */
  statusesOf: (route: RouteKind) => readonly number[];
  /** Its statuses that are not those of all systems, or mean something else. */
  refusals: Refusals;
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
  /** Whether it takes `If-Match`. */
  isConditional: boolean;
}
