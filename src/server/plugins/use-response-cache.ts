import type { Plugin } from 'graphql-yoga';
import { FastRequest, pathOf } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import { recordOf } from '../request/request-record.ts';
import { dayOf, isView, type ResponseCache, responseKeyOf } from '../request/response-cache.ts';

/**
 * Keeps answers that would be given again: to reads, without errors, of what is known to change only when it is told of. Comes
 * before the plugins that add to an answer what is of its request alone.
 */
export function useResponseCache(answers: ResponseCache): Plugin {
  return {
    async onResponse({ request, response }) {
      const { context, hasChanged, errorCode, operationName, points = 0 } = recordOf(request);
      if (!context?.dependencies.isCacheable || hasChanged || errorCode !== undefined) return;
      if (!isRepeatable(request) || !isPlain(response)) return;

      const body = response instanceof FastResponse ? response.body : await response.clone().text();
      const { 'content-length': _, ...headers } = Object.fromEntries(response.headers);
      answers.set(responseKeyOf(context.viewer, request), {
        status: response.status,
        headers,
        body,
        points,
        operationName,
        tags: [...context.dependencies.tags],
        day: dayOf(context.now),
      });
    },
  };
}

/** Whether the request is of a kind that is looked up. */
function isRepeatable(request: Request): boolean {
  return request instanceof FastRequest || isView(request.method, pathOf(request));
}

/** Whether it is data, or word that the client has it already; no stream, no page. */
function isPlain({ status, headers }: Response): boolean {
  if (status === 304) return true;
  return status === 200 && /^application\/(json|graphql-response\+json)\b/.test(headers.get('content-type') ?? '');
}
