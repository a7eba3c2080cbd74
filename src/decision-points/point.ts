import type { ErrorCode } from '../errors/base.ts';
import type { Call } from './call.ts';
import type { PointRequest } from './point-request.ts';

export interface PointAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** An error as a client may see it. */
export interface Refusal {
  code: ErrorCode;
  status: number;
  message: string;
  details: Readonly<Record<string, unknown>>;
}

/** What answers the requests of one path. Its errors have the form of its protocol. */
interface Answering {
  /** The path in logs and metrics, with its parameters: `/openai/v1/models/{id}`. */
  readonly route: string;
  /** Those that it takes; OPTIONS is answered for it. `ANY`: it answers all itself. */
  readonly methods: readonly string[] | 'ANY';
  readonly refuse: (refusal: Refusal, request: PointRequest) => PointAnswer;
}

/** A point that anybody may ask. It reads nothing of any organization. */
export interface PublicPoint extends Answering {
  readonly isPublic: true;
  readonly answer: (request: PointRequest) => PointAnswer;
}

/** A point for callers who are authenticated. It authorizes what it answers. */
export interface Point extends Answering {
  readonly isPublic?: false;
  /** The credentials of a request, in the form of an `Authorization` header; absent: those are in that header. */
  readonly credentialsOf?: (request: PointRequest) => string | null;
  /** Where a request can have them, for who sends none. */
  readonly credentialsIn: string;
  /** Whether whole answers are cached, by all of the request, until what they depend on changes. Only with the usual credentials. */
  readonly isCacheable?: true;
  /** Synchronous where all is cached: a promise would cost as much as the rest of the answer. */
  readonly answer: (call: Call) => PointAnswer | Promise<PointAnswer>;
}

/** A point, and what its path says. */
export interface Found {
  point: Point | PublicPoint;
  /** The organization that the path names. */
  organizationId?: string | undefined;
}

export function json(value: object, status = 200, headers: Readonly<Record<string, string>> = {}): PointAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

/** The same, of JSON that is written already. */
export function jsonText(body: string): PointAnswer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}
