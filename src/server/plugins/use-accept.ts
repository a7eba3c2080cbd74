import { GraphQLError } from 'graphql';
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga';
import { type ErrorCode, isRetryable, UnauthenticatedError } from '../../errors/base.ts';
import type { ServerPlugin } from '../execute.ts';
import { acceptanceOf } from '../request/accept.ts';
import { eventStream, type Results } from '../request/event-stream.ts';
import { type Recorded, recordOf } from '../request/request-record.ts';
import { preflightHeaders } from './use-cors.ts';

/** Refuses requests whose `Accept` allows no form of answer, before anything runs. */
export function useAccept(): ServerPlugin {
  return {
    onRequestParse({ request }) {
      const { json, stream, prefersStream } = acceptanceOf(request.headers.get('accept'));
      if (json === null && !stream) {
        throw notAcceptable('An answer is application/json, application/graphql-response+json or text/event-stream');
      }
      // A browser's EventSource can send no token, and no header that rules out CSRF.
      const isBare = !preflightHeaders.some((name) => request.headers.has(name));
      if (request.method === 'GET' && prefersStream && isBare) throw new UnauthenticatedError();
    },
    onOperation({ plan, context }) {
      // Otherwise the subscription would start, count against the limit, and never be sent.
      if (plan?.kind !== 'subscription' || acceptanceOf(context.request.headers.get('accept')).stream) return;
      throw notAcceptable('A subscription is answered as text/event-stream');
    },
  };
}

/**
 * Answers in the form that a client accepts: JSON, or a stream of events. A client that prefers a stream gets the error of an
 * operation as an event, with status 200: such clients take any other status for a broken connection, and retry for ever. What
 * is no operation, and what is worth a retry, keeps its status. Comes after the plugin that makes errors final.
 */
export function useAnswerForm(): Plugin {
  return {
    onParse({ context: { request } }) {
      if (request) recordOf(request).isOperation = true;
    },
    onResultProcess({ request, result, setResultProcessor }) {
      const { json, prefersStream } = acceptanceOf(request.headers.get('accept'));
      const isStream = isAsyncIterable(result) || (prefersStream && isToldInStream(request));
      if (!isStream) setResultProcessor(processRegularResult, json ?? 'application/json');
      else {
        setResultProcessor(
          (results, fetchAPI) => eventStream(results as Results, { fetchAPI, signal: request.signal }),
          'text/event-stream',
        );
      }
    },
  };
}

/** Whether the answer to a client that prefers a stream is one, if only for an error. */
function isToldInStream(request: Recorded): boolean {
  const { isOperation = false, errorCode } = recordOf(request);
  if (errorCode === undefined || errorCode === 'VALIDATION_ERROR') return isOperation;
  return !isRetryable(errorCode as ErrorCode);
}

function notAcceptable(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { http: { status: 406 } } });
}
