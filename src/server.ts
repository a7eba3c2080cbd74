import { useCSRFPrevention } from '@graphql-yoga/plugin-csrf-prevention';
import { createYoga, type GraphQLParams } from 'graphql-yoga';
import { createSessions } from './auth/session.ts';
import { TaggedCache } from './cache/tagged-cache.ts';
import { defaultCache } from './cache/tags.ts';
import { isExtAuthz } from './decision-points/ext-authz/points.ts';
import { createPoints } from './decision-points/points.ts';
import type { OrganizationState } from './domain/ledger/snapshot.ts';
import { SubjectCache } from './domain/subjects/subject-loader.ts';
import { limitsOf } from './limits.ts';
import { docsAssets } from './rest/docs-assets.ts';
import type { RestOptions } from './rest/options.ts';
import { loadRest } from './rest/use-rest.ts';
import { createPriceList } from './schema/complexity.ts';
import { forgetScopes } from './schema/plugins/auth-scopes.ts';
import { schema } from './schema/schema.ts';
import { createExecute, type ServerPlugin } from './server/execute.ts';
import { createDispatch, type Server } from './server/fast-path/dispatch.ts';
import { createFastPath, type Wire } from './server/fast-path/fast-path.ts';
import { createPointLane } from './server/fast-path/point-lane.ts';
import { createResponseLookup } from './server/fast-path/response-lookup.ts';
import { addressOf } from './server/limits/client-address.ts';
import { createDocumentPlans } from './server/limits/document-plan.ts';
import { createRateLimit } from './server/limits/rate-limit.ts';
import type { ServerOptions } from './server/options.ts';
import { pagePlugins } from './server/plugins/page-plugins.ts';
import { useAccept, useAnswerForm } from './server/plugins/use-accept.ts';
import { useBody } from './server/plugins/use-body.ts';
import { useCatalog } from './server/plugins/use-catalog.ts';
import { loadCompiler, useCompiledQueries } from './server/plugins/use-compiled-queries.ts';
import { useContentType } from './server/plugins/use-content-type.ts';
import { preflightHeaders, useCors } from './server/plugins/use-cors.ts';
import { useCostLimit } from './server/plugins/use-cost-limit.ts';
import { useDeadline } from './server/plugins/use-deadline.ts';
import { useDocumentLimits } from './server/plugins/use-document-limits.ts';
import { useErrorDetails } from './server/plugins/use-error-details.ts';
import { useExecute, type YogaContext } from './server/plugins/use-execute.ts';
import { useHeaders } from './server/plugins/use-headers.ts';
import { useIdempotency } from './server/plugins/use-idempotency.ts';
import { useIntrospection } from './server/plugins/use-introspection.ts';
import { measureResponse, useMetrics } from './server/plugins/use-metrics.ts';
import { useNotFound } from './server/plugins/use-not-found.ts';
import { useParams } from './server/plugins/use-params.ts';
import { useNoPersistedDocuments, usePersistedDocuments } from './server/plugins/use-persisted-documents.ts';
import { useRateLimit } from './server/plugins/use-rate-limit.ts';
import { useRequestLog } from './server/plugins/use-request-log.ts';
import { useResponseCache } from './server/plugins/use-response-cache.ts';
import { useServiceRoutes, withSigningKey } from './server/plugins/use-service-routes.ts';
import { useSubgraphSignature } from './server/plugins/use-subgraph-signature.ts';
import { useSubscriptionEvents } from './server/plugins/use-subscription-events.ts';
import { useTraces } from './server/plugins/use-traces.ts';
import { toClientError } from './server/request/client-error.ts';
import { createGatewayChecks } from './server/request/gateway-signature.ts';
import { loggedError } from './server/request/logged-error.ts';
import { contextOpener } from './server/request/open-context.ts';
import { type PersistedDocuments, readPersistedDocuments } from './server/request/persisted-documents.ts';
import { beginSpan, type Recorded } from './server/request/request-record.ts';
import { createResponseCache } from './server/request/response-cache.ts';
import { createSignIn } from './server/sign-in/sign-in.ts';
import { wireFormats } from './server/wire-formats.ts';

/**
 * Reads the files of persisted documents, and validates each document against the schema.
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

/** Loads code that the start need not wait for: what answers below `/v1`, and the compiler of queries that are asked again. */
export async function loadTheRest(): Promise<void> {
  await Promise.all([loadRest(), loadCompiler()]);
}

const noCache = { get: () => undefined, set: () => {} };

/** Assembles the HTTP service from what it depends on. Opens no port. */
export function createServer(options: ServerOptions): Server {
  const {
    db,
    catalog,
    issuers,
    vault,
    readiness,
    revisionHub,
    snapshotHub,
    tags,
    refusals,
    metrics,
    startSpan,
    cache = defaultCache,
    signIn: signInOptions,
    jwks,
    signingKey,
    introspection = 'signed-in',
    persistedDocuments,
    redis,
    trustedProxies = 0,
    corsOrigins = new Set(),
    subgraphHmacSecret,
    subgraphForwardedJwt = false,
    extAuthz,
    clock = () => new Date(),
    platformProviders = new Set(),
    invitationUrl,
    organizationCreation = { creators: 'anyone', operators: new Set() },
  } = options;
  const log = options.log.child({}, { serializers: { err: loggedError } });
  const limits = limitsOf(options.limits);
  const rateLimit = createRateLimit(limits, redis);
  const plans = createDocumentPlans(schema, limits, createPriceList({ limits, catalog }));
  const sessions = createSessions({
    db,
    issuers,
    tags,
    maxEntries: cache.bytes === 0 ? 0 : Math.min(cache.entries, 10_000),
  });
  const states = new TaggedCache<OrganizationState>();
  const services = {
    db,
    subjectCache: new SubjectCache(),
    catalog,
    vault,
    issuers,
    tags,
    states,
    platformProviders,
    organizationCreation,
    invitationUrl,
    limits,
    revisionHub,
  };
  const { isGateway, forwardedPayload } = createGatewayChecks(subgraphHmacSecret, subgraphForwardedJwt);
  const openContext = contextOpener({
    sessions,
    clock,
    services,
    forwardedPayload,
    recordsDecisions: metrics !== undefined,
    refusals,
  });
  const signIn = signInOptions && createSignIn(signInOptions);
  const answers = createResponseCache(cache, tags);
  metrics?.watchCaches({
    responses: answers.use,
    organizations: () => states,
    tokens: sessions.tokenUse,
    documents: () => plans.documents,
    tags: () => tags.use,
  });
  const enter = (request: Recorded, { req }: Wire) =>
    rateLimit.consume(request, addressOf(request, req, trustedProxies));
  const onArrival = startSpan && ((request: Recorded) => beginSpan(startSpan, request));
  const mayBringOwn = (params: GraphQLParams) => !persistedDocuments?.only || isGateway(params);
  // The plugins of every response, also of the fast path and of cached ones.
  const finishing: ServerPlugin[] = [
    useRequestLog(log),
    ...(metrics ? [useMetrics(metrics.measureRequest)] : []),
    useHeaders(),
    // Before what answers by path: a preflight is for any of it.
    useCors(corsOrigins),
    useServiceRoutes({ readiness, issuers, jwks: withSigningKey(jwks, signingKey) }),
    useCatalog(catalog, loadRest),
    ...pagePlugins(options, { signIn, docsAssets }),
    // Before useErrorDetails, which makes errors final.
    useIntrospection(introspection, { gatewaySigns: subgraphHmacSecret !== undefined }),
    useErrorDetails(log),
    useCompiledQueries(schema),
    useCostLimit({ limits, rateLimit }),
    useRateLimit(rateLimit, trustedProxies),
    useAccept(),
    useCSRFPrevention({ requestHeaders: preflightHeaders }),
    useContentType(),
    ...(subgraphHmacSecret ? [useSubgraphSignature(subgraphHmacSecret)] : []),
    useSubscriptionEvents({ limits, rateLimit, clock }),
    useIdempotency(),
    // After useIdempotency, so that the deadline wraps it: what a mutation waits for counts too.
    useDeadline(limits.executionMs),
    ...(startSpan ? [useTraces({ isKnown: (document) => plans.documents.has(document) })] : []),
    ...wireFormats({
      services,
      clock,
      log,
      rateLimit,
      enter,
      snapshotHub,
      signingKey,
      signIn,
      openContext: (request, { res }: { res?: unknown }) => openContext({ request, params: {}, res }),
      execute: (args) => execute({ schema, ...args }) as ReturnType<RestOptions['execute']>,
    }),
    useDocumentLimits(limits, isGateway),
    ...(persistedDocuments
      ? usePersistedDocuments({ documents: persistedDocuments.documents, mayBringOwn })
      : [useNoPersistedDocuments()]),
    useParams(),
    useBody(),
    useNotFound(),
  ];
  const execute = createExecute(finishing, plans);
  // First: the response is cached before other plugins add headers of this one request.
  const store = useResponseCache(answers);
  const plugins = [store, ...finishing];
  const yoga = createYoga<object, YogaContext>({
    schema,
    context: async (initial) => ({ opened: await openContext(initial) }),
    plugins: [...plugins, useAnswerForm(), useExecute(execute)],
    // Parse errors are not cached: the limits depend on the caller, and to parse again is cheap.
    parserAndValidationCache: { documentCache: plans.documents, errorCache: noCache },
    maskedErrors: { maskError: toClientError },
    // readBody enforces the limit. Yoga would pass every body through a stream of its own, which doubles the cost of a request.
    maxRequestBodySize: false,
    // useGraphiQL serves it.
    graphiql: false,
    // Replaced by plugins, or not needed: no uploads, no batches.
    logging: false,
    cors: false,
    multipart: false,
    batching: false,
    landingPage: false,
    // `/health` is a route. Yoga's health check cannot be switched off, so it gets a path that no request can have.
    healthCheckEndpoint: '\n',
  });

  return createDispatch({
    yoga,
    fastPath: createFastPath({
      yoga,
      plugins,
      plans,
      enter,
      openContext,
      execute,
      closeContext: forgetScopes,
      mayBringOwn,
    }),
    lookUp: createResponseLookup({
      answers,
      sessions,
      rateLimit,
      trustedProxies,
      clock,
      refusals,
      plugins: finishing,
      onArrival,
    }),
    points: createPointLane({
      findPoint: createPoints({ extAuthz }),
      plugins: finishing,
      store,
      enter,
      openContext,
      spend: rateLimit.spend,
      executionMs: limits.executionMs,
      log,
    }),
    takesAnyBody: isExtAuthz,
    plugins: finishing,
    bodyBytes: limits.bodyBytes,
    log,
    onArrival,
    onFailure: metrics && ((request, status) => measureResponse(metrics.measureRequest, request, status)),
  });
}
