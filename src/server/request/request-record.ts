import { randomUUID } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import type { Context } from '../../context.ts';
import type { Refusal } from '../../domain/refusals/refusal.ts';
import { CostExceededError, type CredentialFault, type Mismatch, UnauthenticatedError } from '../../errors/base.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import type { Reason } from '../../policy/reasons.ts';
import type { Span, StartSpan } from '../../traces/span.ts';
import { parseTraceparent } from '../../traces/traceparent.ts';

/** What is recorded of a request until its log line is written. */
export interface RequestRecord {
  /** In its errors and its log line: that of the caller's `traceparent`, or of its `x-request-id`, or a new one. */
  traceId: string;
  /** The caller's `x-request-id`, which its answer has too. */
  requestId: string | undefined;
  /** Where traces are on. */
  span?: Span;
  startedAt: number;
  operationName?: string | undefined;
  viewerId?: string | null;
  /** The code of its first error. */
  errorCode?: string;
  /** Which check its token failed. */
  reason?: CredentialFault | undefined;
  mismatch?: Mismatch | undefined;
  /** Whether an operation of it was refused since it costs too much. */
  isTooCostly?: boolean;
  /** Whether it got as far as the parsing of a document. */
  isOperation?: boolean;
  /** The error that was found while its body was read. */
  bodyError?: GraphQLError | undefined;
  /** The context of its operations, once the caller is authenticated. */
  context?: Context;
  /** Whether any of its operations is not a query. */
  hasChanged?: boolean;
  /** The id of its answer, where that is a decision by which it can be found. */
  evaluationId?: string;
  /** The path, without its query. */
  path?: string;
  /** The path of the REST or SCIM route that answers it, with its parameters: `/v1/model-configs/{id}`. */
  route?: string | undefined;
  /** The root field of its operation, for metrics: bounded, unlike names that clients give. */
  rootField?: string | undefined;
  /** The decisions that it was told, where metrics count them. */
  decisions?: Decisions | undefined;
  /** The refusals that it was told, which count again where its answer is cached. */
  refusals?: Refusal[] | undefined;
  /** What it has spent of rate limits, once its first point was consumed. */
  spending?: Spending;
  /** The cost of its operations, in points, without the point that every request costs its address. */
  points?: number;
  /** The size of its results so far, in bytes: a REST route executes several operations for one answer. */
  answerBytes?: number;
  /** Whether its answer is replayed, for an `Idempotency-Key`. */
  isReplay?: boolean;
}

/** How many decisions allowed a model, and how many did not, by the first reason against it. */
export type Decisions = Partial<Record<'ALLOWED' | Reason, number>>;

/** A rate limit: what a key may spend in a window, which begins with the first point. */
export interface Policy {
  /** What it limits, in headers and in keys of Redis: `viewer`, `address`. */
  name: string;
  points: number;
  windowSeconds: number;
}

/** The remaining points of one key. */
export interface Allowance {
  policy: Policy;
  isExceeded: boolean;
  remainingPoints: number;
  /** Until the window ends. */
  seconds: number;
}

/** What one request has spent, by the name of the policy. */
export interface Spending {
  address: string | undefined;
  allowances: { viewer?: Allowance; address?: Allowance };
}

/** A Request or a FastRequest; the latter has a member for its record. */
export interface Recorded {
  headers: { get: (name: string) => string | null };
  record?: RequestRecord | undefined;
}

/** For Requests alone: a WeakMap is costly for the garbage collector. */
const records = new WeakMap<Recorded, RequestRecord>();

/** The record of a request, created on first use. */
export function recordOf(request: Recorded): RequestRecord {
  const hasMember = 'record' in request;
  const known = hasMember ? request.record : records.get(request);
  if (known) return known;

  const requestId = requestIdOf(request);
  const traceId = parseTraceparent(request.headers.get('traceparent'))?.traceId ?? requestId ?? randomUUID();
  const record: RequestRecord = { traceId, requestId, startedAt: performance.now() };
  if (hasMember) request.record = record;
  else records.set(request, record);
  return record;
}

/** It is used if it is safe in logs and headers. */
function requestIdOf({ headers }: Recorded): string | undefined {
  const incoming = headers.get('x-request-id');
  return incoming !== null && /^[\w.:/+=@~,-]{1,128}$/.test(incoming) ? incoming : undefined;
}

/** Begins the span of a request. Its trace id is that of the record from now on. */
export function beginSpan(startSpan: StartSpan, request: Recorded): void {
  const record = recordOf(request);
  const { headers } = request;
  const incoming = { traceparent: headers.get('traceparent'), tracestate: headers.get('tracestate') };
  record.span = startSpan({ ...incoming, startedAt: record.startedAt });
  record.traceId = record.span.traceId;
}

/** Records why a request was refused, for its log line: the first code, and which check its token failed. */
export function recordError(record: RequestRecord, code: string, error: unknown): void {
  record.errorCode ??= code;
  if (error instanceof CostExceededError) record.isTooCostly = true;
  if (!(error instanceof UnauthenticatedError)) return;
  record.reason ??= error.reason;
  record.mismatch ??= error.mismatch;
}

/** Counts a decision of its answer. */
export function recordDecision(record: RequestRecord, { reasons }: ModelAccess): void {
  const outcome = reasons[0] ?? 'ALLOWED';
  record.decisions ??= {};
  record.decisions[outcome] = (record.decisions[outcome] ?? 0) + 1;
}

/** Records a refusal of its answer. */
export function recordRefusal(record: RequestRecord, refusal: Refusal): void {
  record.refusals ??= [];
  record.refusals.push(refusal);
}
