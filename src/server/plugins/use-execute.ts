import type { ExecutionArgs } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Context } from '../../context.ts';
import type { Execute } from '../execute.ts';

/** Yoga's context: it copies the members of what it is given, and a context of ours has getters. */
export interface YogaContext extends Record<string, unknown> {
  opened: Context;
}

/** Lets Yoga execute by this. */
export function useExecute(execute: Execute): Plugin<YogaContext> {
  const executeOpened = (args: ExecutionArgs) => {
    const { opened } = args.contextValue as YogaContext;
    return execute({ ...args, contextValue: opened });
  };
  return {
    onExecute: ({ setExecuteFn }) => setExecuteFn(executeOpened as never),
    onSubscribe: ({ setSubscribeFn }) => setSubscribeFn(executeOpened as never),
  };
}
