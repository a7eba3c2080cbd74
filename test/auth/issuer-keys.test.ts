import { generateKeyPairSync, sign } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { pino } from 'pino';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createIssuerKeys, type IssuerKeys } from '../../src/auth/issuer-keys.ts';
import { anIssuerServer, aSigningKey, issuerName } from '../kit/issuer-server.ts';
import { startService } from '../kit/service.ts';

/** Those of the test that is under way. */
let present: IssuerKeys;
const { ask, fetch } = await startService({
  issuers: [
    {
      issuer: issuerName,
      keys: (header, token) => present.keys(header, token),
      renew: () => present.renew(),
      status: () => present.status(),
      keepsIds: true,
    },
  ],
});
const [first, second] = [await aSigningKey('first'), await aSigningKey('second')];
const query = '{ caller { user { id } } }';
const [minutes, hours] = [60_000, 3_600_000];

/** From now on the service trusts an issuer with such keys; of its time only that of the keys passes, when it is told to. */
async function anIssuer({ away = false, credentials = '' } = {}) {
  const issuer = await anIssuerServer(first);
  if (away) issuer.answerWith((_, response) => void response.writeHead(502).end());
  let now = Date.now();
  let timeout = new AbortController();
  const lines: string[] = [];
  present = createIssuerKeys({
    url: issuer.url.replace('//', `//${credentials}`),
    log: pino({ base: null }, { write: (line: string) => void lines.push(line) }),
    clock: () => now,
    timeout: () => {
      timeout = new AbortController();
      return timeout.signal;
    },
  });
  onTestFinished(present.close);
  return {
    issuer,
    /** Nobody waits any longer for the answer that is waited for. */
    timeOut: () => timeout.abort(),
    /** How a request with a token is answered: by a user, or a code. */
    signIn: async (token: string | Promise<string>) => {
      const { data, errors } = await ask<{ caller: { user: { id: string } } }, never>(query, undefined, {
        token: await token,
      });
      return errors?.[0]?.extensions.code ?? data?.caller.user.id;
    },
    pass: (ms: number) => {
      now += ms;
    },
    /** Resolves when a fetch that goes on in the background is over. */
    settled: () => present.renew(),
    ready: async () => {
      const response = await fetch(new Request('http://localhost/ready'));
      return { status: response.status, body: await response.json() };
    },
    log: () => lines.map((line) => JSON.parse(line)),
  };
}

const user = 'usr_of_an_issuer';
const ready = { status: 200, body: { status: 'ready' } };
const wellKnownKeys = (count: number) => JSON.stringify({ keys: Array.from({ length: count }, () => first.jwk) });

describe("an issuer's keys", () => {
  it('are fetched once, for all who ask meanwhile, and not again for ten minutes', async () => {
    const { issuer, signIn, pass, ready: isReady } = await anIssuer();

    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(first.mint())));
    pass(10 * minutes - 1);
    answers.push(await signIn(first.mint()));

    expect(new Set(answers)).toEqual(new Set([user]));
    expect(issuer.count()).toBe(1);
    expect(await isReady()).toEqual(ready);
  });

  it('are fetched again while they are used, for which nobody waits', async () => {
    const { issuer, signIn, pass, settled } = await anIssuer();
    await signIn(first.mint());
    let release = () => {};
    issuer.answerWith((_, response) => {
      release = () => void response.end(JSON.stringify({ keys: [second.jwk] }));
    });

    pass(10 * minutes);
    const meanwhile = [await signIn(first.mint()), await signIn(first.mint())];
    while (issuer.count() < 2) await new Promise(setImmediate);
    release();
    await settled();

    expect(meanwhile).toEqual([user, user]);
    expect([await signIn(first.mint()), await signIn(second.mint())]).toEqual(['AUTHENTICATION_REQUIRED', user]);
    expect(issuer.count()).toBe(2);
  });

  it('are fetched before they are used where nobody has asked for long: one that was withdrawn is not believed', async () => {
    const { issuer, signIn, pass } = await anIssuer();
    await signIn(first.mint());
    issuer.publish(second.jwk);

    pass(20 * minutes);

    expect(await signIn(first.mint())).toBe('AUTHENTICATION_REQUIRED');
  });

  it('that are new are fetched at once, yet not more often than each 30 seconds', async () => {
    const { issuer, signIn, pass } = await anIssuer();
    await signIn(first.mint());
    issuer.publish(first.jwk, second.jwk);

    pass(30_000 - 1);
    const tooSoon = await signIn(second.mint());
    pass(1);
    const inTime = await signIn(second.mint());

    expect([tooSoon, inTime]).toEqual(['AUTHENTICATION_REQUIRED', user]);
    expect(issuer.count()).toBe(2);
  });

  it('are fetched once for any number of tokens that name unknown ones', async () => {
    const { issuer, signIn, pass } = await anIssuer();
    await signIn(first.mint());
    const unknown = (index: number) => signIn(first.mint({}, { kid: `unknown-${index}` }));

    pass(30_000);
    const together = await Promise.all(Array.from({ length: 51 }, (_, index) => unknown(index)));
    for (let index = 0; index < 51; index++) together.push(await unknown(index));

    expect(new Set(together)).toEqual(new Set(['AUTHENTICATION_REQUIRED']));
    expect(issuer.count()).toBe(2);
  });

  it('are asked for with the user and password of the URL, which nothing tells', async () => {
    const service = await anIssuer({ credentials: 'mara:hunter%402@' });
    await service.signIn(first.mint());
    await service.issuer.stop();

    service.pass(10 * minutes);
    await service.signIn(first.mint());
    await service.settled();

    expect(service.issuer.authorizations).toEqual([`Basic ${Buffer.from('mara:hunter@2').toString('base64')}`]);
    expect(JSON.stringify([service.log(), await service.ready()])).not.toMatch(/hunter|mara|127\.0\.0\.1/);
  });
});

describe('while the issuer is away', () => {
  type Away = (issuer: Awaited<ReturnType<typeof anIssuerServer>>, timeOut: () => void) => Promise<void> | void;
  const ways: [string, Away, string][] = [
    ['it listens no more', ({ stop }) => stop(), 'cannot be reached (ECONNREFUSED)'],
    ['it fails', (issuer) => issuer.answerWith((_, r) => void r.writeHead(503).end()), 'answered with status 503'],
    [
      'it sends elsewhere',
      (issuer) => issuer.answerWith((_, r) => void r.writeHead(302, { location: issuer.url }).end()),
      'answered with status 302',
    ],
    ['it does not answer', (issuer, timeOut) => issuer.answerWith(timeOut), 'did not answer in time'],
    [
      'it does not end',
      (issuer, timeOut) => issuer.answerWith((_, r) => void r.write('{"keys":', timeOut)),
      'did not answer in time',
    ],
    [
      'it breaks off',
      (issuer) => issuer.answerWith((_, r) => void r.write('{', () => r.destroy())),
      'cannot be reached',
    ],
    ['it answers a page', (issuer) => issuer.answerWith((_, r) => void r.end('<html>')), 'is no key set'],
    ['it answers other JSON', (issuer) => issuer.answerWith((_, r) => void r.end('{"keys":{}}')), 'is no key set'],
    [
      'it has 1,001 keys',
      (issuer) => issuer.answerWith((_, r) => void r.end(wellKnownKeys(1_001))),
      'has more than 1000 keys',
    ],
    [
      'it has 2 MB',
      (issuer) => issuer.answerWith((_, r) => void r.end(`{"keys":[${' '.repeat(2_000_000)}]}`)),
      'is larger than 1000000 bytes',
    ],
  ];

  it.each(ways)('since %s, its last keys are believed for 24 hours, which is told', async (_, leave, reason) => {
    const service = await anIssuer();
    const { issuer, signIn, pass } = service;
    await signIn(first.mint());
    await leave(issuer, service.timeOut);

    pass(10 * minutes);
    const answers = [await signIn(first.mint())];
    await service.settled();
    const away = await service.ready();
    pass(24 * hours - 10 * minutes - 1);
    answers.push(await signIn(first.mint()));
    pass(1);
    answers.push(await signIn(first.mint()));

    expect(answers).toEqual([user, user, 'SERVICE_UNAVAILABLE']);
    const since = expect.stringMatching(/^20.*Z$/);
    expect(away).toEqual({
      status: 200,
      body: { status: 'ready', issuers: [{ issuer: issuerName, keys: 'stale', since, until: since }] },
    });
    const [{ since: began, until }] = away.body.issuers;
    expect(Date.parse(until) - Date.parse(began)).toBe(24 * hours - 10 * minutes);
    expect(await service.ready()).toEqual({
      status: 200,
      body: { status: 'ready', issuers: [{ issuer: issuerName, keys: 'missing', since: began }] },
    });
    expect(service.log()).toMatchObject([
      { level: 40, keys: 'stale', reason: expect.stringContaining(reason), msg: "the issuer's keys cannot be fetched" },
      { level: 40, keys: 'missing' },
    ]);
  });

  it('it is asked again each 30 seconds, and that it is back is told once', async () => {
    const service = await anIssuer();
    const { issuer, signIn, pass, settled } = service;
    await signIn(first.mint());
    await issuer.stop();
    const attempts: number[] = [];
    for (let time = 0; time < 5; time++) {
      pass(10 * minutes);
      for (let ask = 0; ask < 3; ask++) await signIn(first.mint());
      await settled();
    }
    issuer.answerWith((_, response) => void response.writeHead(500).end());
    await issuer.start();
    for (let time = 0; time < 4; time++) {
      pass(15_000);
      for (let ask = 0; ask < 3; ask++) await signIn(first.mint());
      await settled();
      attempts.push(issuer.count());
    }
    issuer.publish(first.jwk);
    pass(30_000);
    const back = await signIn(first.mint());
    await settled();

    expect(attempts).toEqual([1, 2, 2, 3]);
    expect(back).toBe(user);
    expect(await service.ready()).toEqual(ready);
    expect(service.log().map(({ level, msg }) => [level, msg])).toEqual([
      [40, "the issuer's keys cannot be fetched"],
      [30, "the issuer's keys could be fetched again"],
    ]);
  });

  it('nobody can say whether it has a key that is not known', async () => {
    const { issuer, signIn, pass } = await anIssuer();
    await signIn(first.mint());
    await issuer.stop();

    pass(30_000);

    expect(await signIn(second.mint())).toBe('SERVICE_UNAVAILABLE');
    expect(await signIn(second.mint({}, { kid: 'first' }))).toBe('AUTHENTICATION_REQUIRED');
    expect(await signIn(first.mint())).toBe(user);
  });

  it('from the start, callers are told so, until it is there', async () => {
    const service = await anIssuer({ away: true });
    const { issuer, signIn, pass } = service;

    const answers = [await signIn(first.mint())];
    const away = await service.ready();
    issuer.publish(first.jwk);
    answers.push(...(await Promise.all(Array.from({ length: 51 }, () => signIn(first.mint())))));
    const asked = issuer.count();
    pass(5_000);
    const back = await Promise.all(Array.from({ length: 5 }, () => signIn(first.mint())));

    expect(new Set(answers)).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    expect(away).toMatchObject({ status: 200, body: { status: 'ready', issuers: [{ keys: 'missing' }] } });
    expect(new Set(back)).toEqual(new Set([user]));
    expect([asked, issuer.count()]).toEqual([1, 2]);
    expect(await service.ready()).toEqual(ready);
    expect(service.log()).toMatchObject([{ keys: 'missing' }, { level: 30 }]);
  });

  it('an answer without end is read no further than it may be long', async () => {
    const { issuer, signIn, pass, settled } = await anIssuer();
    await signIn(first.mint());
    let sent = 0;
    const closed = new Promise((resolve) => {
      issuer.answerWith((_, response) => {
        const chunk = Buffer.alloc(50_000, ' ');
        const send = () => {
          while (sent < 50_000_000 && response.write(chunk)) sent += chunk.length;
        };
        response.on('drain', send).once('close', resolve);
        send();
      });
    });

    pass(10 * minutes);
    await signIn(first.mint());
    await settled();
    await closed;

    expect(sent).toBeLessThan(20_000_000);
    expect(await signIn(first.mint())).toBe(user);
  });
});

describe('a key set', () => {
  const published = async (keys: unknown[], token: Promise<string>) => {
    const { issuer, signIn, pass } = await anIssuer();
    issuer.publish(...keys);
    await signIn(first.mint());
    pass(30_000);
    return signIn(token);
  };

  it.each(['RS256', 'PS256', 'ES384', 'EdDSA'])(
    'may hold keys for %s, with or without their algorithm',
    async (alg) => {
      const key = await aSigningKey('one', alg);

      expect(await published([key.jwk], key.mint())).toBe(user);
      expect(await published([{ ...key.jwk, alg, use: 'sig', key_ops: ['verify'] }], key.mint())).toBe(user);
    },
  );

  it('of several keys is tried key by key where a token names none, and where several have its name', async () => {
    const [other, twin] = [await aSigningKey('rsa', 'RS256'), await aSigningKey('first')];
    const unnamed = { kid: undefined };

    expect(await published([first.jwk, other.jwk, second.jwk], second.mint({}, unnamed))).toBe(user);
    expect(await published([twin.jwk, first.jwk], first.mint())).toBe(user);
    expect(await published([first.jwk, twin.jwk], twin.mint())).toBe(user);
    expect(await published([first.jwk, other.jwk], second.mint({}, unnamed))).toBe('AUTHENTICATION_REQUIRED');
    expect(await published([first.jwk, twin.jwk], first.mint({ iss: 'https://evil.test' }))).toBe(
      'AUTHENTICATION_REQUIRED',
    );
  });

  it('is tried with 16 keys at most', async () => {
    const others = Array.from({ length: 16 }, (_, index) => ({ ...second.jwk, kid: `other-${index}` }));
    const unnamed = { kid: undefined };

    expect(await published([...others.slice(1), first.jwk], first.mint({}, unnamed))).toBe(user);
    expect(await published([...others, first.jwk], first.mint({}, unnamed))).toBe('AUTHENTICATION_REQUIRED');
    expect(await published([...others, first.jwk], first.mint())).toBe(user);
  });

  it('lets nobody in with an RSA key that is too short, as signatures by it can be forged', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 1_024 });
    const now = Math.floor(Date.now() / 1000);
    const parts = [
      { alg: 'RS256', kid: 'short' },
      { iss: issuerName, sub: 'usr_of_an_issuer', iat: now, exp: now + 300 },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'));
    const signature = sign('sha256', Buffer.from(parts.join('.')), privateKey).toString('base64url');

    const outcome = await published(
      [{ ...publicKey.export({ format: 'jwk' }), kid: 'short' }],
      Promise.resolve([...parts, signature].join('.')),
    );

    expect(outcome).toBe('AUTHENTICATION_REQUIRED');
  });

  it('is none the worse for keys that cannot be used, which nobody can sign in with', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const { n = '', ...rsa } = await exportJWK(publicKey);
    const unusable = [
      { kty: 'oct', k: 'c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXM', kid: 'first', alg: 'HS256' },
      { ...rsa, n: n.slice(0, 171), kid: 'first' },
      { ...rsa, n: 'A'.repeat(5_000), kid: 'first' },
      { ...first.jwk, x: second.jwk.x },
      { ...first.jwk, crv: 'P-999' },
      { ...first.jwk, use: 'enc' },
      { ...first.jwk, key_ops: ['encrypt'] },
      { ...first.jwk, alg: 'ES512' },
      { ...first.jwk, d: first.jwk.x },
      { kty: 'EC' },
      { kty: 'XX' },
    ];

    expect(await published([null, 1, 'key', ...unusable, first.jwk], first.mint())).toBe(user);
    for (const key of unusable) expect(await published([key], first.mint())).toBe('AUTHENTICATION_REQUIRED');
    expect(await published([], first.mint())).toBe('AUTHENTICATION_REQUIRED');
  });
});
