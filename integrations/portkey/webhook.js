// A webhook guardrail of Portkey's gateway that asks Modelgate: `node webhook.js`. See README.md beside this file.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { createGate, isAmbiguous, subjectOf, Undecided } from '../ask.js';

const { env } = process;
const gate = gateOf();
const fail = env.MODELGATE_FAIL || 'closed';
if (fail !== 'closed' && fail !== 'open') end('MODELGATE_FAIL must be closed or open');
if (env.MODELGATE_SUBJECT && !subjectOf(env.MODELGATE_SUBJECT))
  end('MODELGATE_SUBJECT must be a subject, such as role:member');
const host = env.HOST || '127.0.0.1';
const port = Number(env.PORT || 8788);
if (!Number.isInteger(port) || port < 0 || port > 65_535) end('PORT must be a number up to 65535');

/** Bytes of a call at most: Portkey sends it whole, with its messages, which are neither logged nor kept. */
const maxBytes = 32_000_000;

/** Providers whose names at Portkey and at Modelgate are known; elsewhere the name of a model says which one is meant. */
const providers = {
  openai: 'openai',
  anthropic: 'anthropic',
  google: 'google',
  'mistral-ai': 'mistral',
  cohere: 'cohere',
};

const digest = (text) => createHash('sha256').update(text).digest();
const secret = env.WEBHOOK_SECRET && digest(`Bearer ${env.WEBHOOK_SECRET}`);

const server = createServer(async (request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  if (request.method !== 'POST') return answer(405, { error: 'Portkey sends POST' });
  if (secret && !timingSafeEqual(secret, digest(request.headers.authorization ?? '')))
    return answer(401, { error: 'The header authorization is not that of this webhook' });
  // Any other status would be an error to Portkey, which lets the call through unless `failOnError` is set.
  const text = await readBody(request).catch(() => '');
  answer(200, await verdictOn(text));
});
server.requestTimeout = 10_000;
server.on('error', ({ code, message }) =>
  end(code === 'EADDRINUSE' ? `Port ${port} is in use. Stop what listens there, or set PORT to another` : message),
);
server.listen(port, host, () =>
  process.stderr.write(`The webhook is ready: http://${host}:${server.address().port}\n`),
);
process.on('SIGTERM', () => server.close().closeAllConnections());

function gateOf() {
  try {
    return createGate({
      url: env.MODELGATE_URL,
      apiKey: env.MODELGATE_API_KEY,
      organizationId: env.MODELGATE_ORGANIZATION_ID,
      // Portkey waits for 3,000 ms, unless the guardrail says otherwise.
      timeoutMs: Number(env.MODELGATE_TIMEOUT_MS || 2_000),
      cacheMs: Number(env.MODELGATE_CACHE_MS || 5_000),
    });
  } catch (error) {
    return end(error.message);
  }
}

/** A mistake in the settings: it is told in a sentence. */
function end(message) {
  process.stderr.write(`${message}.\n`);
  process.exit(1);
}

async function verdictOn(text) {
  const { eventType, provider, request, metadata } = parse(text) ?? {};
  if (eventType !== undefined && eventType !== 'beforeRequestHook') return { verdict: true };
  const model = request?.json?.model;
  const subject = subjectOf(metadata?._user ? `user:${metadata._user}` : env.MODELGATE_SUBJECT);
  if (typeof model !== 'string' || !model) return denied('MODEL_NOT_IN_REQUEST', 'The call names no model');
  if (isAmbiguous(request.json)) return denied('MODEL_AMBIGUOUS', 'The call has model in two cases');
  if (!subject) return denied('NO_SUBJECT', 'Nobody is named in the metadata of the call, as _user');
  try {
    const { allowed, reasons, message } = await gate.decide(subject, modelAt(provider, model));
    return allowed ? { verdict: true } : { verdict: false, data: { reasons, message } };
  } catch (error) {
    const isOpen = fail === 'open' && error instanceof Undecided;
    process.stderr.write(`Modelgate could not be asked: ${error.message}; ${isOpen ? 'let through' : 'refused'}\n`);
    if (isOpen) return { verdict: true };
    return denied('UNDECIDED', 'Modelgate cannot be asked whether this model is allowed; try again later');
  }
}

function denied(reason, message) {
  return { verdict: false, data: { reasons: [reason], message } };
}

function modelAt(provider, model) {
  const known = providers[provider];
  return known && !model.startsWith(`${known}/`) ? `${known}/${model}` : model;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The body; empty where it is too long. */
async function readBody(request) {
  const pieces = [];
  let bytes = 0;
  for await (const piece of request) {
    bytes += piece.length;
    if (bytes <= maxBytes) pieces.push(piece);
  }
  return bytes > maxBytes ? '' : Buffer.concat(pieces).toString();
}
