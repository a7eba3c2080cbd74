import type { ServerPlugin } from '../execute.ts';
import { withDeadline } from '../request/deadline.ts';

/** Aborts queries and mutations that take longer than `limitMs`. A subscription has no deadline. */
export function useDeadline(limitMs: number): ServerPlugin {
  return {
    onOperation(operation) {
      const { plan, execute } = operation;
      if (plan?.kind === 'subscription') return;
      operation.execute = (args) => {
        const { connection, signal } = args.contextValue;
        return withDeadline({ limitMs, client: connection.signal, signal }, () => execute(args));
      };
    },
  };
}
