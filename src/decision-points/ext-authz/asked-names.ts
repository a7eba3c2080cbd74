import type { PointRequest } from '../point-request.ts';
import { type Scanned, scanModel } from './model-scanner.ts';

/** Why a request cannot be decided, whatever the policy says. */
export type Undecidable = 'MODEL_NOT_IN_REQUEST' | 'MODEL_AMBIGUOUS' | 'BODY_CUT';

/** The names that a request gives to its model, each once: never none. */
export type Asked = { names: readonly string[] } | { fault: Undecidable; message: string };

/** Headers in which proxies name the model: the second is that of Envoy AI Gateway. What clients send in them must not get here. */
const nameHeaders = ['x-modelgate-model', 'x-ai-eg-model'];

/** What is said where names mean different models. */
export const severalModels = 'The request names more than one model';

/** What a body says about the model. `NO_TEXT`: it is encoded, or no UTF-8. `OTHER_TYPE`: it is not read. */
type Body = Scanned | { found: 'NO_BODY' | 'NO_TEXT' | 'OTHER_TYPE' };

/** Why the body has no name. */
const why: Record<Exclude<Body['found'], 'MODEL' | 'AMBIGUOUS'>, string> = {
  NO_BODY: 'no body was sent here',
  NO_TEXT: 'its body is encoded, or is not UTF-8',
  OTHER_TYPE: 'the content type of its body is not JSON',
  NO_JSON: 'its body is not a JSON object',
  NO_NAME: 'the model of its body is not text',
  CUT: 'its body ends before its model, as far as it was sent here',
  NOTHING: 'its body has no model',
};

/**
 * The names of the model, in the headers and in the body of the call that a proxy asks about. A body that ends before it is whole is
 * decided by its beginning, where `takesCutBodies`: another `model` behind it would not be seen. Beside a header too, a body of JSON must
 * be well-formed: a provider that is less strict could find another model in it.
 */
export function askedNames(request: PointRequest, takesCutBodies: boolean): Asked {
  const inHeaders = nameHeaders.flatMap((name) => request.headers.get(name)?.trim() || []);
  const body = readBody(request, inHeaders.length > 0);
  if (body.found === 'AMBIGUOUS') return { fault: 'MODEL_AMBIGUOUS', message: severalModels };
  if (body.found !== 'MODEL' && inHeaders.length === 0) {
    const message = `The request does not say which model it is for: no header names it, and ${why[body.found]}`;
    return { fault: 'MODEL_NOT_IN_REQUEST', message };
  }
  if (!takesCutBodies && isCut(request, body)) {
    const message = 'The body was not sent here to its end, so that it could name another model there';
    return { fault: 'BODY_CUT', message };
  }
  if (isUnreadable(body) && mayBeJson(request)) {
    const message = `A header names the model, and the body could name another: ${why[body.found]}`;
    return { fault: 'MODEL_AMBIGUOUS', message };
  }
  return { names: [...new Set(body.found === 'MODEL' ? [...inHeaders, body.name] : inHeaders)] };
}

/** Most proxies send no content type. That of a form is not read; beside a header, whatever some provider could read as JSON is. */
function readBody(request: PointRequest, isNamed: boolean): Body {
  const { content, extent, headers } = request;
  if (extent === 'NO_TEXT') return { found: 'NO_TEXT' };
  if (content === '') return { found: 'NO_BODY' };
  const isRead = headers.get('content-type') === null || (isNamed ? mayBeJson(request) : isOfJson(request));
  return isRead ? scanModel(content) : { found: 'OTHER_TYPE' };
}

function isOfJson({ headers }: PointRequest): boolean {
  return /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(headers.get('content-type') ?? '');
}

/** Whether the body is JSON by its type, or begins like an object, also in UTF-16. */
function mayBeJson(request: PointRequest): boolean {
  return isOfJson(request) || /^[\s\0\ufeff]*\{/.test(request.content);
}

function isUnreadable(body: Body): body is { found: 'NO_JSON' | 'NO_NAME' | 'NO_TEXT' } {
  return body.found === 'NO_JSON' || body.found === 'NO_NAME' || body.found === 'NO_TEXT';
}

/** Envoy and agentgateway say whether they have sent all of a body. */
function isCut({ extent, headers }: PointRequest, body: Body): boolean {
  if (body.found === 'OTHER_TYPE' || body.found === 'NO_BODY') return false;
  const isEnded = body.found === 'MODEL' ? body.isWhole : body.found !== 'CUT';
  return !isEnded || extent === 'CUT' || headers.get('x-envoy-auth-partial-body') === 'true';
}
