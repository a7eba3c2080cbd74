import { z } from '@hono/zod-openapi';
import { invalidBody } from './faults.ts';
import type { RestApp, RestContext } from './wire.ts';

/** Headers of answers, as components of the document. */
const answerHeaders = {
  RequestId: {
    description: 'The `X-Request-Id` of the request, else its id in the log of the service.',
    schema: { type: 'string' as const },
  },
  RetryAfter: {
    description: 'In how many seconds the same request may succeed.',
    required: true,
    schema: { type: 'integer' as const, minimum: 0 },
  },
  Authenticate: { description: 'Always `Bearer`.', required: true, schema: { type: 'string' as const } },
  ETag: {
    description:
      'The revision of the organization, in quotes: `"42"`. Every change of its settings, configurations and keys moves it. To be sent in `If-Match` or `If-None-Match`.',
    required: true,
    schema: { type: 'string' as const },
  },
  SnapshotTag: {
    description: 'The stamp and a hash of the snapshot. To be sent in `If-None-Match`.',
    required: true,
    schema: { type: 'string' as const },
  },
  Signature: {
    description:
      'The signature over the bytes of the body: `keyid="…", alg="EdDSA", sig="…"`, by a key of `/.well-known/jwks.json`. Absent where the service has no key.',
    schema: { type: 'string' as const },
  },
  TotalCount: {
    description: 'How many there are on all pages.',
    required: true,
    schema: { type: 'integer' as const, minimum: 0 },
  },
  IdempotencyReplayed: {
    description: '`true` where this is the stored answer of an earlier request with the same `Idempotency-Key`.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

export type HeadersObject = Record<string, { $ref: string }>;

/** Answers these headers by reference: `{ ETag: 'ETag' }`. */
export function headersNamed(names: Record<string, keyof typeof answerHeaders>): HeadersObject {
  return Object.fromEntries(
    Object.entries(names).map(([header, name]) => [header, { $ref: `#/components/headers/${name}` }]),
  );
}

/** Adds the headers of answers to the document. */
export function defineHeaders({ openAPIRegistry }: RestApp): void {
  for (const [name, header] of Object.entries(answerHeaders))
    openAPIRegistry.registerComponent('headers', name, header);
}

const header = (description: string) => z.string().optional().openapi({ description });

/** Headers of requests that several routes take. */
export const requestHeaders = {
  'Idempotency-Key': z.string().min(1).max(255).optional().openapi({
    description:
      'Any visible ASCII characters, new for each change. The same request with the same key has its effect once, and is answered alike for 24 hours.',
  }),
  'If-None-Match': header(
    'Entity tags that the client has, as `ETag` gave them, or `*`. A read of what it has is answered 304; a change is refused with 412 where the present one is among them.',
  ),
  'If-Match': header(
    'Entity tags, as `ETag` gave them, or `*`. The change is refused with 412 if the present one is not among them: nobody else’s change is overwritten.',
  ),
  'X-Change-Reason': header(
    'Why the change is made, for the history: up to 500 characters, as UTF-8. Blanks around it are cut.',
  ).openapi({ example: 'Requested by the data protection officer' }),
};

/**
 * A header that is text in UTF-8: Node reads the bytes of headers as Latin-1.
 * @throws HttpError
 */
export function textOfHeader({ req }: RestContext, name: string): string | undefined {
  const bytes = req.header(name);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    throw invalidBody([{ path: name, message: 'must be text in UTF-8' }]);
  }
}
