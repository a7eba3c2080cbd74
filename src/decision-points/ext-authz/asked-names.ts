import type { PointRequest } from '../point-request.ts';
import { scanModel } from './model-scanner.ts';

/** Why a request cannot be decided, whatever the policy says. */
export type Undecidable = 'MODEL_NOT_IN_REQUEST' | 'MODEL_AMBIGUOUS' | 'BODY_CUT';

/** The names that a request gives to its model, each once: never none. */
export type Asked = { names: readonly string[] } | { fault: Undecidable };

/** Headers in which proxies name the model: the second is that of Envoy AI Gateway. What clients send in them must not get here. */
const nameHeaders = ['x-modelgate-model', 'x-ai-eg-model'];

/**
 * The names of the model, in the headers and in the body of the call that a proxy asks about. A body that ends before it is whole is
 * decided by its beginning, where `takesCutBodies`: another `model` behind it would not be seen.
 */
export function askedNames(request: PointRequest, takesCutBodies: boolean): Asked {
  const inHeaders = nameHeaders.flatMap((name) => request.headers.get(name)?.trim() || []);
  const scanned = isJson(request) ? scanModel(request.content) : undefined;
  if (scanned?.found === 'AMBIGUOUS') return { fault: 'MODEL_AMBIGUOUS' };
  if (scanned?.found === 'MODEL') {
    if (!takesCutBodies && !(scanned.isWhole && isWhole(request))) return { fault: 'BODY_CUT' };
    return { names: [...new Set([...inHeaders, scanned.name])] };
  }
  return inHeaders.length > 0 ? { names: [...new Set(inHeaders)] } : { fault: 'MODEL_NOT_IN_REQUEST' };
}

/** Whether the body is to be read as JSON: most proxies send no content type. That of a form is not. */
function isJson({ content, headers }: PointRequest): boolean {
  const type = headers.get('content-type');
  return content !== '' && (type === null || /^\s*application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(type));
}

/** Envoy and agentgateway say whether they have sent all of a body. */
function isWhole({ extent, headers }: PointRequest): boolean {
  return extent === 'WHOLE' && headers.get('x-envoy-auth-partial-body') !== 'true';
}
