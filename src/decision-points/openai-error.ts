import { json, type PointAnswer, type Refusal } from './point.ts';

/** What else an error says: the parameter that is wrong, a code of its own, the reasons against a model. */
interface About {
  param?: string;
  code?: string;
  reasons?: readonly string[];
}

/** The class and the code of an error, by its status, as OpenAI's API has them. */
const kinds: Readonly<Record<number, readonly [type: string, code: string]>> = {
  401: ['invalid_request_error', 'invalid_api_key'],
  403: ['permission_error', 'permission_denied'],
  404: ['invalid_request_error', 'not_found'],
  429: ['rate_limit_error', 'rate_limit_exceeded'],
};
const otherKind = ['invalid_request_error', 'invalid_request'] as const;
const serverKind = ['server_error', 'server_error'] as const;

/** An error as OpenAI's API has it. */
export function openAiError(
  { status, message }: Pick<Refusal, 'status' | 'message'>,
  { param, code, reasons }: About = {},
): PointAnswer {
  const [type, ownCode] = kinds[status] ?? (status >= 500 ? serverKind : otherKind);
  const error = { message, type, param: param ?? null, code: code ?? ownCode, ...(reasons ? { reasons } : {}) };
  return json({ error }, status);
}

/** An error of the service as OpenAI's API has it. Whatever is wrong with a request is 400. */
export function refuseAsOpenAi(refusal: Refusal): PointAnswer {
  const answer = openAiError({ ...refusal, status: statusOf(refusal) });
  return { ...answer, headers: { ...answer.headers, ...retryAfterOf(refusal) } };
}

/** The status of an error in protocols that have no 422. */
export function statusOf({ code, status }: Pick<Refusal, 'code' | 'status'>): number {
  return code === 'VALIDATION_ERROR' && status === 422 ? 400 : status;
}

export function retryAfterOf({ details: { retryAfterSeconds } }: Refusal): Record<string, string> {
  return typeof retryAfterSeconds === 'number' ? { 'retry-after': String(retryAfterSeconds) } : {};
}
