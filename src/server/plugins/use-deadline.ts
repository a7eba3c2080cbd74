import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import { withDeadline } from '../request/deadline.ts';

/** Aborts queries and mutations that take longer than `limitMs`. A subscription has no deadline. */
export function useDeadline(limitMs: number): Plugin<Context> {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => {
        const { request, signal } = args.contextValue;
        return withDeadline({ limitMs, client: request.signal, signal }, () => executeFn(args));
      });
    },
  };
}
