import { describe, expect, it } from 'vitest';
import { maxJsonDepth } from '../../src/limits.ts';
import { mint } from '../kit/issuer.ts';
import { startService } from '../kit/service.ts';

const { fetch, aWorld } = await startService();

const json = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
const post = (body: string) => new Request('http://localhost/graphql', { method: 'POST', headers: json, body });
const get = (name: string, value: string) =>
  new Request(`http://localhost/graphql?query=${encodeURIComponent('{ __typename }')}&${name}=${value}`, {
    headers: { ...json, 'graphql-require-preflight': 'true' },
  });
const create = (body: string) =>
  new Request('http://localhost/v1/model-configs', { method: 'POST', headers: json, body });

/** So many levels of lists and objects by turns. */
function nested(depth: number): string {
  const open = Array.from({ length: depth }, (_, n) => (n % 2 === 0 ? '{"a":' : '['));
  const close = open.map((begin) => (begin === '[' ? ']' : '}')).reverse();
  return `${open.join('')}1${close.join('')}`;
}

const tooDeep = `nested deeper than ${maxJsonDepth} levels`;

describe.each([
  ['a body', 400, (depth: number) => post(nested(depth))],
  ['variables', 400, (depth: number) => post(`{"query":"{ __typename }","variables":${nested(depth - 1)}}`)],
  ['extensions', 400, (depth: number) => post(`{"query":"{ __typename }","extensions":${nested(depth - 1)}}`)],
  ['variables in an address', 400, (depth: number) => get('variables', encodeURIComponent(nested(depth)))],
  ['extensions in an address', 400, (depth: number) => get('extensions', encodeURIComponent(nested(depth)))],
  ['a body of REST', 401, (depth: number) => create(nested(depth))],
])('JSON of %s', (_, statusForNobody, request) => {
  it('is refused where it is nested deeper than anybody means, whoever sends it', async () => {
    const { member } = await aWorld();
    const signedIn = request(maxJsonDepth + 1);
    signedIn.headers.set('authorization', `Bearer ${await mint({ sub: member.id })}`);

    const response = await fetch(signedIn);

    expect(response.status).toBe(400);
    expect(await response.text()).toContain(tooDeep);
    expect(await fetch(request(maxJsonDepth + 1))).toMatchObject({ status: statusForNobody });
  });

  it('is read up to there', async () => {
    const { member } = await aWorld();
    const deep = request(maxJsonDepth);
    deep.headers.set('authorization', `Bearer ${await mint({ sub: member.id })}`);

    const response = await fetch(deep);

    expect(await response.text()).not.toContain(tooDeep);
  });
});

describe('JSON that is cut off', () => {
  it.each(['{"a', '"', '{"a\\', '{"a\\"', `{"a":"${'\\'.repeat(99)}`, ']', '},"a","a"', '{"\\x":1}'])(
    'is refused as what it is: %s',
    async (body) => {
      const response = await fetch(post(body));

      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'VALIDATION_ERROR' } }] });
    },
  );
});
