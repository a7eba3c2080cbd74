import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga, type GraphiQLOptions, type YogaServerInstance } from 'graphql-yoga';
import type { JSONWebKeySet } from 'jose';
import type { Logger } from 'pino';
import { authenticate } from './auth/session.ts';
import type { TrustedIssuer } from './auth/token.ts';
import type { Catalog } from './catalog/catalog.ts';
import { type Context, createContext } from './context.ts';
import type { Database } from './database/client.ts';
import type { Vault } from './domain/vault.ts';
import { type Limits, limitsOf } from './limits.ts';
import { schema } from './schema/schema.ts';
import { toClientError } from './server/client-error.ts';
import { recordOf } from './server/request-record.ts';
import { useErrorDetails } from './server/use-error-details.ts';
import { useNoStore } from './server/use-no-store.ts';
import { useRequestLog } from './server/use-request-log.ts';
import { useRoute } from './server/use-route.ts';

/** What a server stands on. It starts nothing and ends nothing of it. */
export interface ServerOptions {
  db: Database;
  catalog: Catalog;
  issuer: TrustedIssuer;
  /** Seals and opens provider keys. */
  vault: Vault;
  log: Logger;
  /** The providers, by slug, that the operator has keys at: absent, none. */
  platformProviders?: ReadonlySet<string> | undefined;
  /** What time it is: the real one where absent. */
  clock?: (() => Date) | undefined;
  /** Whether the database answers and has all migrations; a sentence says what is missing. */
  readiness: () => Promise<string | null>;
  /** The page at /graphql in a browser; absent: none. */
  graphiql?: ((request: Request) => Promise<GraphiQLOptions>) | undefined;
  /** Public keys to serve at /.well-known/jwks.json, where the service is its own issuer. */
  jwks?: JSONWebKeySet | undefined;
  /** What a client may ask for at most; the defaults where absent. */
  limits?: Partial<Limits> | undefined;
}

/** The service as a function of requests: `fetch` asks it without a port, Node's http server takes it as listener. */
export function createServer(options: ServerOptions): YogaServerInstance<Record<string, unknown>, Context> {
  const {
    db,
    catalog,
    issuer,
    vault,
    log,
    readiness,
    graphiql,
    jwks,
    clock = () => new Date(),
    platformProviders = new Set(),
  } = options;
  const limits = limitsOf(options.limits);
  return createYoga({
    schema,
    context: async ({ request }) => {
      const now = clock();
      const viewer = await authenticate({ db, issuer, now }, request.headers.get('authorization'));
      const record = recordOf(request);
      record.viewerId = viewer.userId ?? viewer.service?.apiKeyId ?? null;
      return createContext({
        db,
        catalog,
        vault,
        viewer,
        method: request.method,
        now,
        platformProviders,
        limits,
        onRefusal: ({ code }) => {
          record.errorCode ??= code;
        },
      });
    },
    plugins: [
      useRequestLog(log),
      useNoStore('/graphql'),
      useRoute('/health', () => Response.json({ status: 'ok' })),
      useRoute('/ready', async () => {
        const missing = await readiness();
        return missing === null
          ? Response.json({ status: 'ready' })
          : Response.json({ status: 'unavailable', reason: missing }, { status: 503 });
      }),
      ...(jwks ? [useRoute('/.well-known/jwks.json', () => Response.json(jwks))] : []),
      useErrorDetails(log),
    ],
    maskedErrors: { maskError: toClientError },
    maxRequestBodySize: limits.bodyBytes,
    graphiql: graphiql ?? false,
    renderGraphiQL,
    // Own log, own health check; and nothing that a service with tokens needs: no cookies, uploads or batches.
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    landingPage: false,
    // Ours answers in JSON, under a path of its own.
    healthCheckEndpoint: '/health/yoga',
  });
}
