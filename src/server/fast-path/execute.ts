import type { ExecutionArgs, ExecutionResult } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { toClientError } from '../request/client-error.ts';

type Awaitable<Value> = Value | Promise<Value>;

export type Execute = (args: ExecutionArgs) => Awaitable<ExecutionResult>;

/** What an `onExecute` hook of ours is called with, and what it may return. */
interface Execution {
  args: ExecutionArgs;
  context: unknown;
  executeFn: Execute;
  setExecuteFn: (next: Execute) => void;
}

interface Finishing {
  onExecuteDone?: (done: { result: ExecutionResult; setResult: (next: ExecutionResult) => void }) => void;
}

type Hook = (execution: Execution) => Awaitable<Finishing | undefined>;

/**
 * Executes operations under the plugins' `onExecute` hooks, in their order, and masks the errors, as Envelop does. That makes a
 * chain of closures for each hook, which is a fifth of all that a short request allocates. Synchronous where the hooks and the
 * operation are.
 */
export function createExecute(plugins: readonly Plugin[], interpret: Execute): Execute {
  const hooks = plugins.flatMap((plugin) => (plugin.onExecute ?? []) as Hook | []);

  return (args) => {
    const finishing: Finishing[] = [];
    const execution: Execution = {
      args,
      context: args.contextValue,
      executeFn: interpret,
      setExecuteFn: (next) => {
        execution.executeFn = next;
      },
    };
    const finish = (result: ExecutionResult) => finished(result, finishing);
    const begin = (from: number): Awaitable<ExecutionResult> => {
      for (let index = from; index < hooks.length; index += 1) {
        const hooked = hooks[index]?.(execution);
        if (hooked instanceof Promise) {
          return hooked.then((late) => {
            if (late) finishing.push(late);
            return begin(index + 1);
          });
        }
        if (hooked) finishing.push(hooked);
      }
      const result = execution.executeFn(args);
      return result instanceof Promise ? result.then(finish) : finish(result);
    };
    return begin(0);
  };
}

function finished(executed: ExecutionResult, finishing: readonly Finishing[]): ExecutionResult {
  let result = executed;
  const setResult = (next: ExecutionResult) => {
    result = next;
  };
  for (const { onExecuteDone } of finishing) onExecuteDone?.({ result, setResult });
  return result.errors ? { ...result, errors: result.errors.map((error) => toClientError(error)) } : result;
}
