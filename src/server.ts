import { type IncomingMessage, ServerResponse } from 'node:http';
import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import { renderGraphiQL } from '@graphql-yoga/render-graphiql';
import { createYoga, type YogaServerInstance } from 'graphql-yoga';
import { authorizationOf } from './auth/credentials.ts';
import { authenticate } from './auth/session.ts';
import { type Context, createContext } from './context.ts';
import { limitsOf } from './limits.ts';
import { useRest } from './rest/use-rest.ts';
import { schema } from './schema/schema.ts';
import { withBodyLimit } from './server/body-limit.ts';
import { toClientError } from './server/client-error.ts';
import { withDeadline } from './server/deadline.ts';
import { createDocumentCache } from './server/document-cache.ts';
import { answerOnce } from './server/idempotency.ts';
import type { ServerOptions } from './server/options.ts';
import { type PersistedDocuments, readPersistedDocuments } from './server/persisted-documents.ts';
import { createRateLimit } from './server/rate-limit.ts';
import { recordOf } from './server/request-record.ts';
import { parseStrictJson } from './server/strict-json.ts';
import { useBodyLimit } from './server/use-body-limit.ts';
import { useCacheControl } from './server/use-cache-control.ts';
import { useContentType } from './server/use-content-type.ts';
import { preflightHeaders, useCors } from './server/use-cors.ts';
import { useCostLimit } from './server/use-cost-limit.ts';
import { useDeadline } from './server/use-deadline.ts';
import { useDocumentLimits } from './server/use-document-limits.ts';
import { noteError, useErrorDetails } from './server/use-error-details.ts';
import { useIdempotency } from './server/use-idempotency.ts';
import { useIntrospection } from './server/use-introspection.ts';
import { usePersistedDocuments } from './server/use-persisted-documents.ts';
import { addressOf, useRateLimit } from './server/use-rate-limit.ts';
import { useRequestLog } from './server/use-request-log.ts';
import { useRoute } from './server/use-route.ts';
import { useStrictJson } from './server/use-strict-json.ts';
import { isSigned, useSubgraphSignature } from './server/use-subgraph-signature.ts';
import { useSubscriptionEvents } from './server/use-subscription-events.ts';

/**
 * The documents of these files that may be asked for by id, as a server takes them.
 * @throws PersistedDocumentsError
 */
export function openPersistedDocuments({
  files,
  only,
}: {
  files: readonly string[];
  only: boolean;
}): PersistedDocuments {
  return { documents: readPersistedDocuments(schema, files), only };
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
    revisionHub,
    graphiql,
    jwks,
    introspection = 'signed-in',
    persistedDocuments,
    redis,
    trustedProxies = 0,
    corsOrigins = new Set(),
    subgraphHmacSecret,
    clock = () => new Date(),
    platformProviders = new Set(),
  } = options;
  const limits = limitsOf(options.limits);
  const rateLimit = createRateLimit(limits, redis);
  return createYoga({
    schema,
    context: async ({ request, res }) => {
      const now = clock();
      const viewer = await withDeadline(limits.executionMs, request.signal, () =>
        authenticate({ db, issuer, now }, authorizationOf(request)),
      );
      const record = recordOf(request);
      record.viewerId = viewer.userId ?? viewer.service?.apiKeyId ?? null;
      return createContext({
        db,
        catalog,
        vault,
        viewer,
        method: request.method,
        connection: {
          signal: request.signal,
          hangUp: () => void (res instanceof ServerResponse && res.destroy()),
        },
        now,
        platformProviders,
        limits,
        revisionHub,
        onRefusal: ({ code }) => {
          record.errorCode ??= code;
        },
      });
    },
    plugins: [
      useRequestLog(log),
      useCacheControl(),
      useRoute('/health', () => Response.json({ status: 'ok' })),
      useRoute('/ready', async () => {
        const missing = await readiness();
        return missing === null
          ? Response.json({ status: 'ready' })
          : Response.json({ status: 'unavailable', reason: missing }, { status: 503 });
      }),
      ...(jwks ? [useRoute('/.well-known/jwks.json', () => Response.json(jwks))] : []),
      // Before the details, which make errors final.
      useIntrospection(introspection, { gatewaySigns: subgraphHmacSecret !== undefined }),
      useErrorDetails(log),
      useCors(corsOrigins),
      useCostLimit(limits.complexity),
      useRateLimit(rateLimit, trustedProxies),
      useCSRFPrevention({ requestHeaders: preflightHeaders }),
      useContentType(),
      ...(subgraphHmacSecret ? [useSubgraphSignature(subgraphHmacSecret)] : []),
      useSubscriptionEvents(limits.executionMs, (context: Context) => createContext({ ...context, now: clock() })),
      useIdempotency(),
      // Around it: what a change waits for counts too.
      useDeadline(limits.executionMs),
      useRest({
        enter: (request, { req }: { req?: IncomingMessage }) =>
          rateLimit.enter(request, addressOf(request, req, trustedProxies)),
        bounded: (request, { req }: { req?: IncomingMessage }) => withBodyLimit(request, limits.bodyBytes, req),
        answerOnce: (context, attempt, work) =>
          withDeadline(limits.executionMs, context.connection.signal, () => answerOnce(context, attempt, work)),
        toClientError,
        parseJson: parseStrictJson,
        onError: (request, error) => noteError(log, request, error),
        traceIdOf: (request) => recordOf(request).traceId,
      }),
      useDocumentLimits(limits),
      ...(persistedDocuments
        ? usePersistedDocuments({
            documents: persistedDocuments.documents,
            mayBringOwn: (params) =>
              !persistedDocuments.only || (subgraphHmacSecret !== undefined && isSigned(params, subgraphHmacSecret)),
          })
        : []),
      useStrictJson(),
      useBodyLimit(limits.bodyBytes),
    ],
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    maskedErrors: { maskError: toClientError },
    // Ours does not pass every body through a stream of its own, which would double what a request costs.
    maxRequestBodySize: false,
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
