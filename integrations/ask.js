// Asks a decision point of Modelgate (AuthZEN 1.0) from Node, workerd, Deno or Bun. The integrations beside this file use it.

/** Modelgate could not be asked: it is away, slow or overloaded, or what it answers is no decision. */
export class Undecided extends Error {}

/** Modelgate refuses the question itself, such as an unknown key: with any setting, nothing is let through. */
export class Refused extends Error {}

/** Bytes of an answer, and cached decisions, at most. */
const maxBytes = 1_000_000;
const maxCached = 10_000;

/**
 * @typedef {{ type: string, id: string }} Subject
 * @typedef {{ allowed: boolean, reasons: string[], message: string, model: string | null, cacheUntil: number }} Decision
 */

/** The subject that a text names, such as `user:usr_…`; undefined where it names none. */
export function subjectOf(text) {
  const [type, ...id] = String(text ?? '').split(':');
  return type && id.join(':') ? { type, id: id.join(':') } : undefined;
}

/** Whether a call has another `Model`: parsers that know no case take one or the other. */
export function isAmbiguous(call) {
  return Object.keys(call).some((key) => key !== 'model' && key.toLowerCase() === 'model');
}

/**
 * Decides by a Modelgate at `url`. A decision is cached for `cacheMs`, or until it can change by itself.
 * @param {{ url: string, apiKey: string, organizationId?: string, timeoutMs?: number, cacheMs?: number }} options
 * @throws {Error} where one of them is wrong: it names the option, and the variable that it mostly comes from
 */
export function createGate({ url, apiKey, organizationId, timeoutMs = 2_000, cacheMs = 5_000 }) {
  const base = addressOf(url);
  if (!apiKey) throw new Error('The API key of Modelgate is missing (apiKey, MODELGATE_API_KEY)');
  // Else fetch quotes it in an error, which is logged, and which looks like an outage.
  if (!/^[\x21-\x7e]+$/.test(apiKey.trim()))
    throw new Error('The API key of Modelgate has characters that no key has (apiKey, MODELGATE_API_KEY)');
  if (!(timeoutMs > 0 && timeoutMs < 2 ** 31))
    throw new Error('The timeout must be a number of milliseconds (timeoutMs, MODELGATE_TIMEOUT_MS)');
  if (!(cacheMs >= 0))
    throw new Error('How long a decision is kept must be a number of milliseconds (cacheMs, MODELGATE_CACHE_MS)');
  /** @type {Map<string, Decision>} */
  const cache = new Map();
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${apiKey.trim()}`,
    ...(organizationId && { 'x-organization-id': organizationId }),
  };
  const question = (subject) => ({ subject, action: { name: 'use' } });

  async function post(path, body) {
    let status;
    let text;
    try {
      const response = await fetch(base + path, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        redirect: 'manual',
        // For the whole answer, not for its first byte alone.
        signal: AbortSignal.timeout(timeoutMs),
      });
      status = response.status;
      text = await readText(response);
    } catch (error) {
      throw new Undecided(`it did not answer at ${base} (${error.cause?.code ?? `${error.name}: ${error.message}`})`);
    }
    if ([408, 425, 429].includes(status) || status >= 500) throw new Undecided(`it answered ${status}`);
    if (status === 404) throw new Refused(`there is no Modelgate at ${base}: it answered 404`);
    if (status !== 200) throw new Refused(`it answered ${status}: ${text.slice(0, 200)}`);
    try {
      return JSON.parse(text);
    } catch {
      throw new Undecided('its answer is not JSON');
    }
  }

  return {
    /**
     * @param {Subject} subject
     * @param {string} model
     * @returns {Promise<Decision>}
     * @throws {Undecided | Refused}
     */
    async decide(subject, model) {
      const key = JSON.stringify([subject.type, subject.id, model]);
      const cached = cache.get(key);
      if (cached && cached.cacheUntil > performance.now()) return cached;
      const asked = { ...question(subject), resource: { type: 'model', id: model } };
      const decision = decisionOf(await post('/access/v1/evaluation', asked), cacheMs);
      cache.delete(key);
      if (decision.cacheUntil > performance.now()) cache.set(key, decision);
      if (cache.size > maxCached) cache.delete(cache.keys().next().value);
      return decision;
    },
    /**
     * The models that a subject may use, as `provider/key`.
     * @param {Subject} subject
     * @returns {Promise<string[]>}
     * @throws {Undecided | Refused}
     */
    async models(subject) {
      const { results } = await post('/access/v1/search/resource', {
        ...question(subject),
        resource: { type: 'model' },
      });
      if (!Array.isArray(results)) throw new Undecided('it answered no list');
      return results.map(({ id }) => String(id));
    },
  };
}

/** Where its routes are, of an address with or without the path of its graph. */
function addressOf(url) {
  const { protocol, username, password, origin, pathname } = URL.canParse(url) ? new URL(url) : {};
  if (!/^https?:$/.test(protocol) || username || password)
    throw new Error(
      'The address of Modelgate must be one like https://modelgate.example.com, without a password (url, MODELGATE_URL)',
    );
  return origin + pathname.replace(/\/+$/, '').replace(/\/graphql$/, '');
}

async function readText(response) {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    if (text.length > maxBytes) throw new Error('the answer is too long');
  }
  return text;
}

/** @returns {Decision} */
function decisionOf(answer, cacheMs) {
  if (typeof answer?.decision !== 'boolean') throw new Undecided('its answer is no decision');
  const { reasons, reason_user: told, model, valid_until: validUntil = null } = answer.context ?? {};
  const leftMs = validUntil === null ? Number.POSITIVE_INFINITY : Date.parse(validUntil) - Date.now();
  const message = typeof told === 'object' && told !== null ? Object.values(told)[0] : told;
  return {
    allowed: answer.decision,
    reasons: Array.isArray(reasons) ? reasons.map(String) : [],
    message: typeof message === 'string' ? message : 'Your organization does not allow this model',
    model: typeof model === 'string' ? model : null,
    // Not a number, and so in the past, where the moment cannot be read.
    cacheUntil: performance.now() + Math.min(cacheMs, leftMs),
  };
}
