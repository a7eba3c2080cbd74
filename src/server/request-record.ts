import { randomUUID } from 'node:crypto';

/** What is remembered of a request until its log line is written. */
export interface RequestRecord {
  traceId: string;
  startedAt: number;
  operationName?: string | undefined;
  viewerId?: string | null;
  /** The code of its first error, where it had one. */
  errorCode?: string;
  /** Whether the answer is one that was given before. */
  isReplay?: boolean;
}

const records = new WeakMap<Request, RequestRecord>();

/** The record of a request, begun when it is first asked for. */
export function recordOf(request: Request): RequestRecord {
  let record = records.get(request);
  if (!record) {
    record = { traceId: traceIdOf(request), startedAt: performance.now() };
    records.set(request, record);
  }
  return record;
}

/** An incoming trace id is taken over if it can do no harm in logs and headers. */
function traceIdOf(request: Request): string {
  const incoming = request.headers.get('x-request-id');
  return incoming !== null && /^[\w.:-]{1,128}$/.test(incoming) ? incoming : randomUUID();
}
