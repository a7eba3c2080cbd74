import type { Plugin } from 'graphql-yoga';
import { withDeadline } from './deadline.ts';

/** Gives up queries and mutations that take longer than `limitMs`; a subscription may stay as long as its client. */
export function useDeadline(limitMs: number): Plugin {
  return {
    onExecute({ executeFn, setExecuteFn }) {
      setExecuteFn((args) => withDeadline(limitMs, args.contextValue.request.signal, () => executeFn(args)));
    },
  };
}
