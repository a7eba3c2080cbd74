import { describe, expect, it } from 'vitest';
import { authzenOf, model, use, user } from '../kit/authzen.ts';
import { anApiKey } from '../kit/keys.ts';
import { restOf } from '../kit/rest.ts';
import { startService } from '../kit/service.ts';

const service = await startService({ extAuthz: { takesCutBodies: true } });
const world = await service.aWorld();
const ask = authzenOf(service);
const call = restOf(service);

/** The points that a request takes from what its key has left. */
async function pointsOf(
  send: (token: string) => Promise<{ status: number; headers: Headers }>,
  expected = 200,
): Promise<number> {
  const { token } = await anApiKey(service, world, ['READ']);
  const { status, headers } = await send(token);
  expect(status).toBe(expected);
  const [, remaining] = /"viewer";r=(\d+)/.exec(headers.get('ratelimit') ?? '') ?? [];
  return 1_200_000 - Number(remaining);
}

const subject = user(world.member);
const one = { subject, action: use, resource: model('gpt-4o') };
const listOf = (length: number, question: object) => Array.from({ length }, () => question);

describe('a request to a decision point', () => {
  it.each<[string, string, object, number]>([
    ['an evaluation', 'evaluation', one, 3],
    ['one with a long body', 'evaluation', { ...one, context: { text: 'x'.repeat(20_000) } }, 13],
    ['a batch', 'evaluations', { ...one, evaluations: listOf(50, {}) }, 13],
    ['a batch of subjects', 'evaluations', { ...one, evaluations: listOf(10, { subject }) }, 10],
    ['a search for models', 'search/resource', { ...one, resource: { type: 'model' }, page: { limit: 100 } }, 10],
    ['a search for subjects', 'search/subject', { ...one, page: { limit: 100 } }, 25],
    ['a search for actions', 'search/action', { ...one, page: {} }, 5],
  ])('costs what it brings: %s', async (_name, endpoint, body, points) => {
    expect(await pointsOf((token) => ask(endpoint, body, { token }))).toBe(points);
  });

  it.each<[string, string, object | string]>([
    ['no question', 'evaluation', { text: 'x'.repeat(20_000) }],
    ['no JSON', 'evaluation', `{"text":"${'x'.repeat(20_000)}`],
    ['of another search', 'search/subject', { ...one, page: { token: 'x'.repeat(20_000) } }],
  ])('costs what is read of it also where it is refused: %s', async (_name, endpoint, body) => {
    expect(await pointsOf((token) => ask(endpoint, body, { token }), 400)).toBe(10);
  });

  it('of a proxy costs less for its body, which is searched only', async () => {
    const body = { model: 'gpt-4o', messages: 'x'.repeat(60_000) };
    const send = (token: string) =>
      call('POST', '/ext-authz/v1/chat/completions', { body, headers: { authorization: `Bearer ${token}` } });
    expect(await pointsOf(send)).toBe(6);
  });
});
