import { randomUUID } from 'node:crypto';

import type { Context } from '../context.ts';

/** What is remembered of a request until its log line is written. */
export interface RequestRecord {
  traceId: string;
  startedAt: number;
  operationName?: string | undefined;
  viewerId?: string | null;
  /** The code of its first error, where it had one. */
  errorCode?: string;
  /** The context of its operations, once it is known who asks. */
  context?: Context;
  /** Whether any of its operations is more than a question. */
  hasChanged?: boolean;
  /** The path that it is for. */
  path?: string;
  /** What its operations cost, in points; the point for being let in is not among them. */
  points?: number;
  /** Whether the answer is one that was given before. */
  isReplay?: boolean;
}

/** A request, or what stands for one. */
export interface Recorded {
  headers: { get: (name: string) => string | null };
}

const records = new WeakMap<Recorded, RequestRecord>();

/** The record of a request, begun when it is first asked for. */
export function recordOf(request: Recorded): RequestRecord {
  let record = records.get(request);
  if (!record) {
    record = { traceId: traceIdOf(request), startedAt: performance.now() };
    records.set(request, record);
  }
  return record;
}

/** An incoming trace id is taken over if it can do no harm in logs and headers. */
function traceIdOf(request: Recorded): string {
  const incoming = request.headers.get('x-request-id');
  return incoming !== null && /^[\w.:-]{1,128}$/.test(incoming) ? incoming : randomUUID();
}
