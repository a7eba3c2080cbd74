import type { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Logger } from 'pino';
import type { Context } from '../../context.ts';
import { Call } from '../../decision-points/call.ts';
import type { Found, Point, PointAnswer, Refusal } from '../../decision-points/point.ts';
import type { FindPoint } from '../../decision-points/points.ts';
import { type ErrorCode, UnauthenticatedError } from '../../errors/base.ts';
import type { RateLimit } from '../limits/rate-limit.ts';
import { checkBody } from '../plugins/use-body.ts';
import { noteError } from '../plugins/use-error-details.ts';
import { toClientError } from '../request/client-error.ts';
import { withDeadline } from '../request/deadline.ts';
import type { FastRequest } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import type { OpenContext } from '../request/open-context.ts';
import { recordOf } from '../request/request-record.ts';
import type { Wire } from './fast-path.ts';

interface PointLaneOptions {
  findPoint: FindPoint;
  /** Plugins whose `onResponse` hooks finish a response. */
  plugins: readonly Plugin[];
  /** Caches a response: before the plugins add the headers of one request. */
  store: Plugin;
  /** Consumes the point that a request costs its address. @throws RateLimitedError */
  enter: (request: FastRequest, wire: Wire) => Promise<void> | void;
  openContext: OpenContext;
  spend: RateLimit['spend'];
  executionMs: number;
  log: Logger;
}

type Answered = FastResponse | Promise<FastResponse>;

/** How a point is answered. */
interface Lane {
  /** Whether an answer is looked up in the response cache before. */
  isCacheable: boolean;
  answer: (request: FastRequest, wire: Wire) => Answered;
}

/** The lane of a request that a point answers; undefined for all others. */
export type PointLane = (method: string, path: string) => Lane | undefined;

/**
 * Answers decision points: without GraphQL, under the same authentication, limits, deadline, log and metrics. What is thrown is told in
 * the form of the point's protocol.
 */
export function createPointLane(options: PointLaneOptions): PointLane {
  const { findPoint, plugins, store, enter, openContext, spend, executionMs, log } = options;
  const hooksOf = (used: readonly Plugin[]) => used.flatMap((plugin) => plugin.onResponse ?? []);
  const [finishing, storing] = [hooksOf(plugins), hooksOf([store, ...plugins])];

  const callOf = (request: FastRequest, context: Context, organizationOfPath: string | undefined) =>
    new Call({
      request,
      context,
      organizationOfPath,
      checkBody: () => checkBody(request as unknown as Request),
      spend: (points) => spend(request, context.viewer, points),
      onEvaluation: (id) => {
        recordOf(request).evaluationId = id;
      },
    });

  const answer = (request: FastRequest, { point, organizationId }: Found): PointAnswer | Promise<PointAnswer> => {
    const { methods } = point;
    if (methods !== 'ANY' && !methods.includes(request.method)) return refuseMethod(point, request, methods);
    if (point.isPublic) return point.answer(request);

    const proceed = (context: Context) => {
      if (context.viewer.kind === 'ANONYMOUS')
        throw new UnauthenticatedError(
          `Authentication is required: send an API key or a token in ${point.credentialsIn}`,
        );
      const answered = answerTo(point, callOf(request, context, organizationId));
      if (!(answered instanceof Promise)) return answered;
      return withDeadline({ limitMs: executionMs, client: request.signal, signal: context.signal }, () => answered);
    };
    const credentials = {
      ...(point.credentialsOf && { authorization: point.credentialsOf(request) }),
      ...(organizationId !== undefined && { organizationId }),
    };
    const opened = openContext({ request: request as unknown as Request, params: {}, credentials });
    return opened instanceof Promise ? opened.then(proceed) : proceed(opened);
  };

  return (method, path) => {
    const found = findPoint(path.split('?', 1)[0] ?? path);
    if (!found || (method === 'OPTIONS' && found.point.methods !== 'ANY')) return undefined;

    const isCacheable = !found.point.isPublic && found.point.isCacheable === true;
    const onResponse = isCacheable ? storing : finishing;
    const answerBy = (request: FastRequest, wire: Wire): Answered => {
      const send = ({ status, headers, body }: PointAnswer): FastResponse => {
        const response = new FastResponse(body, { status, headers });
        // None of them awaits anything for such a response.
        for (const hook of onResponse) void hook({ request, response, serverContext: wire } as never);
        request.letGo();
        return response;
      };
      const refuse = (error: unknown) => {
        const told = toClientError(error);
        noteError(log, request as unknown as Request, told);
        return send(found.point.refuse(refusalOf(told), request));
      };
      try {
        recordOf(request).route = found.point.route;
        const entered = enter(request, wire);
        const answered = entered ? entered.then(() => answer(request, found)) : answer(request, found);
        return answered instanceof Promise ? answered.then(send, refuse) : send(answered);
      } catch (error) {
        return refuse(error);
      }
    };
    return { isCacheable, answer: answerBy };
  };
}

/** Answers a call; one that is refused costs what was read of it. */
function answerTo({ answer }: Point, call: Call): PointAnswer | Promise<PointAnswer> {
  const refuse = async (error: unknown): Promise<never> => {
    await call.spendOnRefusal();
    throw error;
  };
  try {
    const answered = answer(call);
    return answered instanceof Promise ? answered.catch(refuse) : answered;
  } catch (error) {
    return refuse(error);
  }
}

function refusalOf({ message, extensions }: GraphQLError): Refusal {
  const { code, status, details } = extensions as { code: ErrorCode; status: number; details?: Refusal['details'] };
  return { code, status, message, details: details ?? {} };
}

function refuseMethod(point: Found['point'], request: FastRequest, methods: readonly string[]): PointAnswer {
  const allow = methods.join(', ');
  const refusal = { code: 'VALIDATION_ERROR', message: `This path takes ${allow}`, status: 405, details: {} } as const;
  const { headers, ...refused } = point.refuse(refusal, request);
  return { ...refused, headers: { ...headers, allow } };
}
