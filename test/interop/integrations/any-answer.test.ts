import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { projectFolder } from '../../commands/process.ts';
import { aServer } from './broken-modelgate.ts';
import { aPythonHost, hasPython } from './python.ts';

const { createGate, Refused, Undecided } = await import(join(projectFolder, 'integrations/ask.js'));

interface Answer {
  status: number;
  text: string;
}

const context = fc.record(
  {
    reasons: fc.oneof(fc.array(fc.string()), fc.jsonValue()),
    reason_user: fc.oneof(fc.constant({ 403: 'No' }), fc.jsonValue()),
    model: fc.oneof(fc.constant('openai/gpt-4o'), fc.jsonValue()),
    valid_until: fc.oneof(fc.constantFrom(null, '0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'), fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const decision = fc.record(
  {
    decision: fc.oneof({ weight: 3, arbitrary: fc.boolean() }, fc.jsonValue()),
    context: fc.oneof(context, fc.jsonValue()),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(
  { weight: 6, arbitrary: decision.map((value) => JSON.stringify(value)) },
  fc.json(),
  fc.string(),
  fc.constantFrom('{"decision":true', '['.repeat(200_000), '{"decision":NaN}', '\u{feff}{"decision":true}'),
);
const status = fc.oneof(
  { weight: 6, arbitrary: fc.constant(200) },
  fc.constantFrom(201, 400, 401, 403, 404, 413, 429, 500, 503),
);
const answers: Answer[] = fc.sample(fc.record({ status, text }), { numRuns: 400, seed: 18 });

/** A byte order mark is skipped, as everywhere. */
function isAllowed({ status: code, text: body }: Answer): boolean {
  try {
    return code === 200 && JSON.parse(body.replace(/^\u{feff}/u, '')).decision === true;
  } catch {
    return false;
  }
}

/** Answers a question about the model `n` by the answer with this number. */
const answering = () =>
  aServer(({ body }, response) => {
    const answer = answers[Number(body.resource.id)];
    response.writeHead(answer?.status ?? 500).end(answer?.text);
  });

describe('whatever is answered, what is allowed is what a 200 has decided with true', () => {
  it('for what asks by ask.js', async () => {
    const { url } = await answering();
    const gate = createGate({ url, apiKey: 'mgk_test', timeoutMs: 20_000 });
    const subject = { type: 'user', id: 'usr_a' };

    const allowed = await Promise.all(
      answers.map(async (_answer, n) => {
        try {
          return (await gate.decide(subject, String(n))).allowed;
        } catch (error) {
          expect(error instanceof Undecided || error instanceof Refused, String(error)).toBe(true);
          return false;
        }
      }),
    );

    expect(allowed).toEqual(answers.map(isAllowed));
    expect(allowed.filter(Boolean).length).toBeGreaterThan(20);
  });

  it.skipIf(!hasPython)('for what asks by modelgate.py', async () => {
    const { url } = await answering();
    const env = { MODELGATE_URL: url, MODELGATE_API_KEY: 'mgk_test', MODELGATE_TIMEOUT_SECONDS: '20' };
    const { call } = aPythonHost('integrations/litellm/modelgate.py', env);

    const outcomes = await call(
      ...answers.map((_answer, n) => ({
        hook: 'async_pre_call_hook',
        user_api_key_dict: { user_id: 'usr_a' },
        cache: null,
        data: { model: String(n) },
        call_type: 'acompletion',
      })),
    );

    expect(outcomes.map(({ status: code }) => code === undefined)).toEqual(answers.map(isAllowed));
    expect(new Set(outcomes.map(({ status: code }) => code))).toEqual(new Set([undefined, 403, 503]));
  });
});
