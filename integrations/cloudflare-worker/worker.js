// A Worker in front of a provider of models: it asks Modelgate, and forwards only calls of models that are allowed. See README.md.
import { createGate, isAmbiguous, subjectOf } from '../ask.js';

/** Bytes of a call at most. */
const maxBytes = 20_000_000;

let gate;

// Workers are default exports.
export default {
  /**
   * @param {Request} request
   * @param {Record<'MODELGATE_URL' | 'MODELGATE_API_KEY' | 'PROVIDER' | 'PROVIDER_URL' | 'PROVIDER_API_KEY' | 'CALLERS', string>} env
   */
  async fetch(request, env) {
    try {
      return await answer(request, env);
    } catch (error) {
      // Whatever happens, nothing is forwarded that Modelgate has not allowed.
      if (error instanceof Stop) return error.response;
      console.error(`The call was not forwarded: ${error.message}`);
      return refusal(500, 'INTERNAL_ERROR', 'The call was not forwarded');
    }
  },
};

class Stop extends Error {
  constructor(status, code, message) {
    super(message);
    this.response = refusal(status, code, message);
  }
}

async function answer(request, env) {
  gate ??= createGate({
    url: env.MODELGATE_URL,
    apiKey: env.MODELGATE_API_KEY,
    organizationId: env.MODELGATE_ORGANIZATION_ID,
    timeoutMs: Number(env.MODELGATE_TIMEOUT_MS || 2_000),
    cacheMs: Number(env.MODELGATE_CACHE_MS || 5_000),
  });
  for (const name of ['PROVIDER', 'PROVIDER_URL', 'PROVIDER_API_KEY'])
    if (!env[name]) throw new Error(`${name} is missing`);
  const subject = callerOf(request, env);
  const { pathname, search } = new URL(request.url);
  const path = `${pathname}${search}`;
  if (request.method === 'GET' && pathname === '/v1/models')
    return list(await undecidedStops(gate.models(subject)), env);
  if (request.method !== 'POST')
    throw new Stop(405, 'METHOD_NOT_ALLOWED', 'This gateway takes POST, and GET /v1/models');

  const call = await readCall(request);
  const { allowed, reasons, message, model } = await undecidedStops(gate.decide(subject, call.model));
  if (!allowed) throw new Stop(403, reasons[0] ?? 'MODEL_NOT_ALLOWED', `${message} (${reasons.join(', ')})`);
  const own = `${env.PROVIDER}/`;
  if (!model?.startsWith(own)) throw new Stop(403, 'OTHER_PROVIDER', `This gateway leads to models of ${env.PROVIDER}`);
  // Written anew, by the name that was decided on: a body with two models would be read otherwise elsewhere.
  return fetch(new URL(path, env.PROVIDER_URL), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: request.headers.get('accept') ?? '*/*',
      authorization: `Bearer ${env.PROVIDER_API_KEY}`,
    },
    body: JSON.stringify({ ...call, model: model.slice(own.length) }),
    redirect: 'manual',
  });
}

/** Whom Modelgate decides for: `CALLERS` is a JSON object of the tokens of this gateway and what each stands for. */
function callerOf(request, env) {
  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  const caller = token && callersOf(env).get(token);
  if (!caller) throw new Stop(401, 'AUTHENTICATION_REQUIRED', 'The token is none of this gateway');
  const subject = subjectOf(caller);
  if (!subject) throw new Error('CALLERS must name subjects such as user:usr_…');
  return subject;
}

function callersOf({ CALLERS }) {
  try {
    return new Map(Object.entries(JSON.parse(CALLERS)));
  } catch {
    // The error of the parser quotes tokens.
    throw new Error('CALLERS must be a JSON object, such as {"a token of the gateway":"user:usr_…"}');
  }
}

async function readCall(request) {
  if (!/^application\/json\s*(?:;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new Stop(415, 'UNSUPPORTED_MEDIA_TYPE', 'This gateway forwards JSON alone');
  if (Number(request.headers.get('content-length')) > maxBytes)
    throw new Stop(413, 'TOO_LARGE', 'The call is too long');
  const text = await request.text();
  if (text.length > maxBytes) throw new Stop(413, 'TOO_LARGE', 'The call is too long');
  let call;
  try {
    call = JSON.parse(text);
  } catch {
    throw new Stop(400, 'INVALID_JSON', 'The body is not JSON');
  }
  if (typeof call?.model !== 'string' || !call.model)
    throw new Stop(403, 'MODEL_NOT_IN_REQUEST', 'The call names no model');
  if (isAmbiguous(call)) throw new Stop(403, 'MODEL_AMBIGUOUS', 'The call has model in two cases');
  return call;
}

/** Closed: what Modelgate could not be asked about is refused. */
async function undecidedStops(asked) {
  try {
    return await asked;
  } catch (error) {
    console.error(`Modelgate could not be asked: ${error.message}`);
    throw new Stop(503, 'UNDECIDED', 'Modelgate cannot be asked whether this model is allowed; try again later');
  }
}

function list(models, { PROVIDER }) {
  const own = models
    .filter((model) => model.startsWith(`${PROVIDER}/`))
    .map((model) => model.slice(PROVIDER.length + 1));
  return Response.json({
    object: 'list',
    data: own.map((id) => ({ id, object: 'model', created: 0, owned_by: PROVIDER })),
  });
}

/** In the form of OpenAI's errors, which its clients show. */
function refusal(status, code, message) {
  return Response.json({ error: { message, type: 'modelgate', param: null, code } }, { status });
}
