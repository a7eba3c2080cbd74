import { isAsyncIterable } from 'graphql-yoga';
import type { ServerPlugin } from '../execute.ts';
import { pathOf } from '../request/fast-request.ts';
import { type Recorded, recordOf } from '../request/request-record.ts';

/**
 * Makes spans of the parsing and validation of documents that are not known yet, and of executions; ends that of the request. Comes
 * after all plugins that replace or wrap the execution.
 */
export function useTraces({ isKnown }: { isKnown: (document: string) => boolean }): ServerPlugin {
  return {
    onParse({ context, params }) {
      if (isKnown(String(params.source))) return;
      const span = spanOf(context)?.child('graphql.parse');
      return ({ result }) => span?.end(errorTypeOf(result instanceof Error));
    },
    onValidate({ context }) {
      const span = spanOf(context)?.child('graphql.validate');
      return ({ valid }) => span?.end(errorTypeOf(!valid));
    },
    onOperation(operation) {
      const { plan, context, execute } = operation;
      const parent = recordOf(context.request).span;
      if (!parent) return;
      operation.execute = async (args) => {
        const span = parent.child(plan ? `${plan.kind} ${plan.rootField}` : 'graphql.execute', {
          'graphql.operation.type': plan?.kind,
          'graphql.operation.name': plan?.name,
        });
        span.own(context.signal);
        try {
          const result = await execute(args);
          span.end(errorTypeOf(!isAsyncIterable(result) && result.errors !== undefined));
          return result;
        } catch (error) {
          span.end('GRAPHQL_ERROR');
          throw error;
        } finally {
          parent.own(context.signal);
        }
      };
    },
    onResponse({ request, response }) {
      const { span, path = pathOf(request), route, rootField, errorCode } = recordOf(request);
      if (!span) return;
      const { method } = request;
      const { status } = response;
      const name = route ?? (path === '/graphql' ? path : undefined);
      span.rename(name === undefined ? method : `${method} ${name}`);
      span.set({
        'http.request.method': method,
        'http.route': name,
        'url.path': path,
        'http.response.status_code': status,
        'modelgate.operation': rootField,
        'modelgate.error.code': errorCode,
      });
      response.headers.set('traceparent', span.traceparent);
      if (span.tracestate !== undefined) response.headers.set('tracestate', span.tracestate);
      // By the conventions an error of the client is none of a server's span.
      span.end(status >= 500 ? (errorCode ?? String(status)) : undefined);
    },
  };
}

/** The request is in the context of Envelop's hooks. */
function spanOf(context: unknown) {
  const request = (context as { request?: Recorded }).request;
  return request && recordOf(request).span;
}

function errorTypeOf(hasFailed: boolean): string | undefined {
  return hasFailed ? 'GRAPHQL_ERROR' : undefined;
}
