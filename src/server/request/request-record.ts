import { randomUUID } from 'node:crypto';
import type { GraphQLError } from 'graphql';
import type { Context } from '../../context.ts';
import { type CredentialFault, type Mismatch, UnauthenticatedError } from '../../errors/base.ts';

/** What is remembered of a request until its log line is written. */
export interface RequestRecord {
  traceId: string;
  startedAt: number;
  operationName?: string | undefined;
  viewerId?: string | null;
  /** The code of its first error, where it had one. */
  errorCode?: string;
  /** Which check its token did not pass, where it was refused for that. */
  reason?: CredentialFault | undefined;
  mismatch?: Mismatch | undefined;
  /** Whether it came as far as to ask for an operation. */
  isOperation?: boolean;
  /** What was found wrong with its body, as that was read. */
  bodyError?: GraphQLError | undefined;
  /** The context of its operations, once it is known who asks. */
  context?: Context;
  /** Whether any of its operations is more than a question. */
  hasChanged?: boolean;
  /** The path that it is for. */
  path?: string;
  /** What it has spent, once it was let in. */
  spending?: Spending;
  /** What its operations cost, in points; the point for being let in is not among them. */
  points?: number;
  /** What was found to be asked for so far, in bytes: a REST route asks several operations for one answer. */
  answerBytes?: number;
  /** Whether the answer is one that was given before. */
  isReplay?: boolean;
}

/** What a key may spend in a window, which begins with the first point that is spent. */
export interface Policy {
  /** Of whom the key is, in headers and keys: `viewer`, `address`. */
  name: string;
  points: number;
  windowSeconds: number;
}

/** What is left of a policy for one key. */
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

/** A request, or what stands for one; some have a place for their record. */
export interface Recorded {
  headers: { get: (name: string) => string | null };
  record?: RequestRecord | undefined;
}

/** Of the others: a map of such keys costs the garbage collector. */
const records = new WeakMap<Recorded, RequestRecord>();

/** The record of a request, begun when it is first asked for. */
export function recordOf(request: Recorded): RequestRecord {
  const hasPlace = 'record' in request;
  const known = hasPlace ? request.record : records.get(request);
  if (known) return known;

  const record: RequestRecord = { traceId: traceIdOf(request), startedAt: performance.now() };
  if (hasPlace) request.record = record;
  else records.set(request, record);
  return record;
}

/** An incoming trace id is taken over if it can do no harm in logs and headers. */
function traceIdOf(request: Recorded): string {
  const incoming = request.headers.get('x-request-id');
  return incoming !== null && /^[\w.:-]{1,128}$/.test(incoming) ? incoming : randomUUID();
}

/** Remembers why a request was refused, for its log line: the first code, and which check a token did not pass. */
export function recordError(record: RequestRecord, code: string, error: unknown): void {
  record.errorCode ??= code;
  if (!(error instanceof UnauthenticatedError)) return;
  record.reason ??= error.reason;
  record.mismatch ??= error.mismatch;
}
