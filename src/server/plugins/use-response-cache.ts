import type { Plugin } from 'graphql-yoga';
import { FastRequest, pathOf } from '../request/fast-request.ts';
import { FastResponse } from '../request/fast-response.ts';
import { recordOf } from '../request/request-record.ts';
import { endOf, isView, type ResponseCache, responseKeyOf } from '../request/response-cache.ts';

/**
 * Caches the responses to reads: those without errors, where tags cover all that was read. Comes before the plugins that add the
 * headers of one request.
 */
export function useResponseCache(answers: ResponseCache): Plugin {
  return {
    async onResponse({ request, response }) {
      const {
        context,
        hasChanged,
        errorCode,
        operationName,
        rootField,
        route,
        decisions,
        refusals,
        points = 0,
      } = recordOf(request);
      if (!context?.dependencies.isCacheable || hasChanged || errorCode !== undefined) return;
      if (!isLookedUp(request) || !isPlain(response)) return;

      const body = response instanceof FastResponse ? response.body : await response.clone().text();
      const { 'content-length': _, ...headers } = Object.fromEntries(response.headers);
      answers.set(responseKeyOf(context.viewer, request), {
        status: response.status,
        headers,
        body,
        points,
        operationName,
        rootField,
        route,
        decisions,
        refusals,
        tags: [...context.dependencies.tags],
        validUntil: endOf(context),
      });
    },
  };
}

/** Whether requests like this are looked up in the cache: those of the fast path, and REST views. */
function isLookedUp(request: Request): boolean {
  return request instanceof FastRequest || isView(request.method, pathOf(request));
}

/** Whether it is JSON data, or a 304; no stream, no page. */
function isPlain({ status, headers }: Response): boolean {
  if (status === 304) return true;
  return status === 200 && /^application\/(json|graphql-response\+json)\b/.test(headers.get('content-type') ?? '');
}
