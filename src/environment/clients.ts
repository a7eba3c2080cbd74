import { z } from 'zod';
import { introspections } from '../limits.ts';
import { flag, oneOf, origins, persistedDocuments } from './values.ts';
import type { Variable } from './variable.ts';

export const clients = {
  CONSOLE: {
    section: 'Console',
    schema: flag.default(true),
    description: 'Whether a browser that opens `/console`, or `/`, is shown the console',
    example: 'false',
  },
  GRAPHIQL: {
    section: 'GraphiQL',
    schema: flag.optional(),
    description: 'Whether a browser that opens `/graphql` is shown GraphiQL',
    absent: '`true` in the embedded mode, else `false`',
    example: 'true',
  },
  INTROSPECTION: {
    section: 'Introspection',
    schema: oneOf(introspections).optional(),
    description: 'Who may read the schema from the service',
    details: 'Others learn nothing of it, not even by "did you mean".',
    absent: '`everyone` in the embedded mode, else `signed-in`',
    example: 'signed-in',
  },
  CORS_ORIGINS: {
    section: 'CORS',
    schema: origins.optional(),
    description: 'Origins whose pages may read answers, to the letter, with commas between them',
    absent: 'none (CORS is off)',
    example: 'https://app.example,http://localhost:3000',
  },
  PERSISTED_DOCUMENTS: {
    section: 'Persisted (trusted) documents',
    schema: persistedDocuments.optional(),
    description: 'Files of documents, with commas between them; with the word `only` among them, others are refused',
    details:
      'JSON files of {"<id>": "<document>"}, beside the documents of the typed client, which are always known by their ids.',
    absent: 'none (any document is executed)',
    example: 'documents.json,only',
  },
  SUBGRAPH_HMAC_SECRET: {
    section: 'Federation',
    schema: z.string().min(32, 'must be at least 32 characters').optional(),
    description: 'The secret with which the gateway of a supergraph signs its calls',
    details: 'With it, calls of _entities and _service that are not signed are refused.',
    absent: 'none',
    example: 'at-least-32-characters-of-your-own',
  },
  SUBGRAPH_FORWARDED_JWT: {
    section: 'Federation',
    schema: flag.default(false),
    description: 'Whether the gateway may verify tokens itself, and sign what they say',
    details:
      'The caller of a request without a token is then the one that extensions.jwt.payload names, where the signature covers it.',
    example: 'true',
  },
  EXT_AUTHZ: {
    section: 'Proxies and gateways',
    schema: flag.default(false),
    description: 'Whether [proxies may ask](gateways.md) at `/ext-authz/` before they forward a call',
    details:
      'The bodies of calls pass through the memory of the service, up to MAX_BODY_BYTES; they are neither logged nor stored.',
    example: 'true',
  },
  EXT_AUTHZ_CUT_BODIES: {
    section: 'Proxies and gateways',
    schema: flag.default(true),
    description:
      'Whether a body that a proxy cuts, or that is longer than `MAX_BODY_BYTES`, is decided by its beginning',
    details:
      'A caller could name another model behind it. With false such calls are refused, unless a header names the model.',
    example: 'false',
  },
} satisfies Record<string, Variable>;
