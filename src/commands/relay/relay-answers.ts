import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Source } from '../../sdk/source.ts';
import type { RelayStreams } from './relay-streams.ts';

interface RelayOptions {
  source: Source;
  streams: RelayStreams;
  organizationId: string;
  /** The subjects of the snapshot: a client may ask for no others. */
  subjects: readonly string[];
  /** Whether a request has the credentials that the relay has. */
  isAllowed: (authorization: string | undefined) => boolean;
}

/** When, in ms after the last confirmation, the health of a relay is `stale`: as an SDK sees it by default. */
const staleAfterMs = 60_000;

/** Paths are read as of this address. */
const base = 'http://relay';

/** Answers as the service does, what the SDK asks of it. */
export function answersOf({ source, streams, organizationId, subjects, isAllowed }: RelayOptions): RequestListener {
  const snapshot = `/v1/organizations/${organizationId}/snapshot`;

  const health = (response: ServerResponse) => {
    const { revision, catalogVersion } = source.state.document;
    const staleMs = Math.round(source.staleMs);
    const status = staleMs > staleAfterMs ? 'stale' : 'ok';
    sendJson(response, status === 'ok' ? 200 : 503, {
      status,
      revision,
      catalogVersion,
      staleMs,
      streams: streams.size,
    });
  };

  const sendSnapshot = (request: IncomingMessage, response: ServerResponse) => {
    const { texts } = source.state;
    const headers = {
      etag: texts.etag,
      ...(texts.signature === null ? {} : { 'modelgate-signature': texts.signature }),
      // A client counts from when the service has confirmed it.
      age: String(Math.ceil(source.staleMs / 1_000)),
      'cache-control': 'private, no-cache',
    };
    const known = request.headers['if-none-match']?.replace(/^W\//, '');
    if (known === texts.etag) return void response.writeHead(304, headers).end();
    response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(texts.snapshot);
  };

  const sendCatalog = (response: ServerResponse) => {
    const headers = { 'content-type': 'application/json', 'cache-control': 'public, max-age=31536000, immutable' };
    response.writeHead(200, headers).end(source.state.texts.catalog);
  };

  return (request, response) => {
    const url = request.url ?? '';
    // `//` is the beginning of a host, and has none.
    if (!URL.canParse(url, base)) return refuse(response, 400, 'VALIDATION_ERROR', 'The path cannot be read');
    const { pathname, searchParams } = new URL(url, base);
    if (request.method !== 'GET') return refuse(response, 405, 'VALIDATION_ERROR', 'A relay is only read');
    if (pathname === '/health') return health(response);
    if (pathname === '/.well-known/jwks.json') return sendJson(response, 200, { keys: source.bootstrap().keys });
    if (pathname === `/catalog/${source.state.document.catalogVersion}`) return sendCatalog(response);
    if (pathname !== snapshot && pathname !== `${snapshot}/stream`)
      return refuse(response, 404, 'NOT_FOUND', `This relay is of ${organizationId}`);
    if (!isAllowed(request.headers.authorization))
      return refuse(response, 401, 'AUTHENTICATION_REQUIRED', 'A relay takes the API key that it has itself');
    const asked = searchParams.get('subjects')?.split(',') ?? [];
    if (asked.some((id) => !subjects.includes(id)))
      return refuse(response, 422, 'VALIDATION_ERROR', 'The relay has not asked for these subjects: --subjects');
    if (pathname === snapshot) return sendSnapshot(request, response);
    return streams.add(response, source.state.document, { isInline: searchParams.get('inline') === 'true' });
  };
}

/** Compares with the header of this token, in a time that does not depend on what is sent. */
export function allowing(token: string): RelayOptions['isAllowed'] {
  const hash = (text: string) => createHash('sha256').update(text).digest();
  const expected = hash(`Bearer ${token}`);
  return (authorization = '') => timingSafeEqual(hash(authorization), expected);
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message } });
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(body));
}
