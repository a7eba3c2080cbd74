import { type ErrorCode, errorCodes } from '../../errors/base.ts';
import { FastResponse } from './fast-response.ts';
import { type Recorded, recordError, recordOf } from './request-record.ts';

/** A response of one error, in the format of GraphQL, to a request that is not GraphQL. */
export function errorResponse(request: Recorded, code: ErrorCode, message: string, status: number): FastResponse {
  const record = recordOf(request);
  recordError(record, code, undefined);
  const { type } = errorCodes[code];
  const extensions = {
    code,
    type,
    status,
    details: {},
    traceId: record.traceId,
    timestamp: new Date().toISOString(),
  };
  return new FastResponse(JSON.stringify({ errors: [{ message, extensions }] }), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}
