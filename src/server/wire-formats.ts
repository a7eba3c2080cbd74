import type { Logger } from 'pino';
import { toJson } from '../domain/input/json-text.ts';
import { parseStrictJson } from '../domain/input/strict-json.ts';
import type { RestOptions } from '../rest/options.ts';
import { useRest } from '../rest/use-rest.ts';
import { authScopes } from '../schema/plugins/auth-scopes.ts';
import type { ScimOptions } from '../scim/options.ts';
import { useScim } from '../scim/use-scim.ts';
import type { ServerPlugin } from './execute.ts';
import type { RateLimit } from './limits/rate-limit.ts';
import { checkBody } from './plugins/use-body.ts';
import { noteError } from './plugins/use-error-details.ts';
import { toClientError } from './request/client-error.ts';
import { withDeadline } from './request/deadline.ts';
import { eventResponse } from './request/event-response.ts';
import { answerOnce } from './request/idempotency.ts';
import { recordOf } from './request/request-record.ts';
import { signInScript } from './sign-in/browser-modules.ts';
import type { SignIn } from './sign-in/sign-in.ts';

interface WireFormatsOptions
  extends Pick<RestOptions, 'enter' | 'openContext' | 'execute' | 'snapshotHub' | 'signingKey'> {
  services: Pick<ScimOptions, 'db' | 'tags' | 'limits' | 'issuers'>;
  clock: () => Date;
  log: Logger;
  rateLimit: RateLimit;
  signIn: SignIn | undefined;
}

/** What is spoken beside GraphQL, REST and SCIM: both have the limits, the errors and the log of the graph. */
export function wireFormats(options: WireFormatsOptions): ServerPlugin[] {
  const { services, clock, log, rateLimit, enter, signIn, openContext, execute, snapshotHub, signingKey } = options;
  const { db, tags, limits, issuers } = services;
  const shared = {
    enter,
    limits,
    checkBody,
    parseJson: parseStrictJson,
    toClientError,
    onError: (request, error) => noteError(log, request, error),
    onRoute: (request, route) => {
      recordOf(request).route = route;
    },
  } satisfies Partial<RestOptions & ScimOptions>;
  return [
    useRest({
      ...shared,
      openContext,
      execute,
      snapshotHub,
      signingKey,
      streamEvents: eventResponse,
      answerOnce: (request, context, attempt, work) =>
        withDeadline({ limitMs: limits.executionMs, client: context.connection.signal, signal: context.signal }, () =>
          answerOnce(request, context, attempt, work),
        ),
      read: (context, work) => {
        const fresh = context.at(clock());
        recordOf(context.request).span?.own(fresh.signal);
        const deadline = { limitMs: limits.executionMs, client: context.connection.signal, signal: fresh.signal };
        return withDeadline(deadline, () => work(fresh));
      },
      spend: rateLimit.spend,
      authorize: (context, permission, id) => authScopes(context)[permission](id),
      signIn: signIn && { script: () => signInScript('page'), policy: signIn.policy },
      writeJson: toJson,
      traceIdOf: (request) => recordOf(request).traceId,
    }),
    useScim({
      ...shared,
      db,
      tags,
      issuers,
      clock,
      spend: (request, tokenId, points) => {
        recordOf(request).viewerId = tokenId;
        return rateLimit.spendOf(request, tokenId, points);
      },
      withDeadline: (request, work) =>
        withDeadline({ limitMs: limits.executionMs, client: request.signal }, (signal) => {
          recordOf(request).span?.own(signal);
          return work(signal);
        }),
    }),
  ];
}
