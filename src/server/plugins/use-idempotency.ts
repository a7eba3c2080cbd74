import type { ExecutionResult } from 'graphql';
import { type ErrorCode, isRetryable } from '../../errors/base.ts';
import type { ServerPlugin } from '../execute.ts';
import { type KeptError, reviveClientError, toClientError } from '../request/client-error.ts';
import { answerOnce } from '../request/idempotency.ts';
import { recordOf } from '../request/request-record.ts';

/** Executes a mutation with an `Idempotency-Key` once, and replays its answer each time that it is sent again. */
export function useIdempotency(): ServerPlugin {
  return {
    onOperation(operation) {
      const { context, plan, execute } = operation;
      const { request, params } = context;
      const key = request.headers.get('idempotency-key');
      if (key === null || plan?.kind !== 'mutation') return;

      const { query, variables } = params;
      // An operation of a REST route: its request has been made idempotent as a whole.
      if (query === undefined) return;
      operation.execute = async (args) => {
        const asked = JSON.stringify([query, args.operationName ?? null, variables ?? {}]);
        let fresh: ExecutionResult | undefined;
        const { data, errors } = await answerOnce(request, args.contextValue, { key, asked }, async (context) => {
          const result = (await execute({ ...args, contextValue: context })) as ExecutionResult;
          const { data, errors } = result;
          const kept = errors?.map(keepable);
          const isFinal = !kept?.some(({ extensions }) => isRetryable(extensions.code as ErrorCode));
          const isDryRun = context.isDryRun();
          // What failed was rolled back: its data would tell of an effect that it does not have. A dry run has none.
          fresh = isFinal || isDryRun ? result : { errors: errors ?? [] };
          return { answer: { data, errors: kept }, keep: isFinal && !isDryRun };
        });
        // An attempt that was rolled back may find the answer of another one when it is retried.
        if (fresh && !recordOf(request).isReplay) return fresh;

        const revived = errors?.map((error) => reviveClientError(error, query));
        return (revived ? { data, errors: revived } : { data }) as ExecutionResult;
      };
    },
    onResponse({ request, response }) {
      if (recordOf(request).isReplay) response.headers.set('idempotency-replayed', 'true');
    },
  };
}

function keepable(error: unknown): KeptError {
  const { message, path, positions, extensions } = toClientError(error);
  return { message, path, positions, extensions };
}
