import type { MeasureRequest } from '../../metrics/request-metrics.ts';
import type { ServerPlugin } from '../execute.ts';
import { type FastRequest, pathOf } from '../request/fast-request.ts';
import { recordOf } from '../request/request-record.ts';

/** Paths that are no REST or SCIM routes, which record their own. */
const paths = new Set(['/', '/graphql', '/health', '/ready', '/.well-known/jwks.json', '/sign-in']);

/** Measures each request, also those that a cache answers. */
export function useMetrics(measure: MeasureRequest): ServerPlugin {
  return {
    onOperation({ plan, context }) {
      recordOf(context.request).rootField = plan?.rootField;
    },
    onResponse({ request, response }) {
      measureResponse(measure, request, response.status);
    },
  };
}

export function measureResponse(measure: MeasureRequest, request: Request | FastRequest, status: number): void {
  const { startedAt, path = pathOf(request), route, rootField, errorCode, isTooCostly, decisions } = recordOf(request);
  measure({
    seconds: (performance.now() - startedAt) / 1_000,
    method: request.method,
    route: route ?? (paths.has(path) ? path : 'other'),
    status,
    // A request that was refused before it was known what it asks for.
    operation: path === '/graphql' ? (rootField ?? 'other') : '',
    errorCode,
    isTooCostly: isTooCostly === true,
    decisions,
  });
}
