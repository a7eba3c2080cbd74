import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';

/** A key of an issuer: what it publishes of it, and tokens that are signed with it. */
export interface SigningKey {
  jwk: JWK;
  /** A token that holds; with `kid: undefined` in the header it names no key. */
  mint: (claims?: JWTPayload, header?: { kid?: string | undefined }) => Promise<string>;
}

export const issuerName = 'https://away.test';

export async function aSigningKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    mint: (claims, header = { kid }) => {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuerName, sub: 'usr_of_an_issuer', iat: now, exp: now + 300, ...claims })
        .setProtectedHeader({ alg, ...(header.kid === undefined ? {} : { kid: header.kid }) })
        .sign(privateKey);
    },
  };
}

/** Where an issuer publishes keys, which can be away, and whose every request is counted. */
export async function anIssuerServer(...published: SigningKey[]) {
  const answerOf = (keys: unknown[]): RequestListener => {
    return (_request, response) => void response.end(JSON.stringify({ keys }));
  };
  let answer = answerOf(published.map(({ jwk }) => jwk));
  const authorizations: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    authorizations.push(request.headers.authorization);
    answer(request, response);
  });
  const listen = async (port: number) => {
    await once(server.listen(port, '127.0.0.1'), 'listening');
    return (server.address() as AddressInfo).port;
  };
  const stop = async () => {
    const closed = once(server.close(), 'close');
    server.closeAllConnections();
    await closed;
  };
  const port = await listen(0);
  onTestFinished(() => void server.close().closeAllConnections());

  return {
    url: `http://127.0.0.1:${port}/jwks.json`,
    /** The `Authorization` of each request up to now. */
    authorizations,
    count: () => authorizations.length,
    answerWith: (listener: RequestListener) => {
      answer = listener;
    },
    publish: (...keys: unknown[]) => {
      answer = answerOf(keys);
    },
    /** Nothing listens at the port any more. */
    stop,
    start: () => listen(port),
  };
}
