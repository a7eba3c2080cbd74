import { type ExecutionArgs, type ExecutionResult, execute as interpret } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Context } from '../context.ts';
import type { DocumentPlan, DocumentPlans, OperationPlan } from './limits/document-plan.ts';
import { toClientError } from './request/client-error.ts';

type Awaitable<Value> = Value | Promise<Value>;

export interface OperationArgs extends ExecutionArgs {
  contextValue: Context;
}

/** A result, or the stream of them that a subscription has. */
export type Executed = ExecutionResult | AsyncIterable<ExecutionResult>;

export type Execute = (args: OperationArgs) => Awaitable<Executed>;

/** An operation that is about to be executed. */
export interface Operation {
  args: OperationArgs;
  context: Context;
  document: DocumentPlan<Context>;
  /** Undefined where the document has no operation of this name, which the executor reports. */
  plan: OperationPlan<Context> | undefined;
  /** A hook replaces it to execute the operation otherwise, or to wrap what earlier hooks have set. */
  execute: Execute;
}

/** Replaces the result of a query or mutation. */
type Finish = (result: ExecutionResult) => ExecutionResult;

/** A plugin of Yoga that may have a hook for operations too. */
// biome-ignore lint/suspicious/noExplicitAny: Yoga's own hooks have contexts of their own, of which ours use nothing.
export type ServerPlugin = Plugin<any, any, any> & {
  /** Called before each operation, in the order of the plugins; what it throws refuses the operation. */
  onOperation?: (operation: Operation) => Awaitable<Finish | undefined>;
};

/**
 * Executes the operations of the fast path, of Yoga and of REST under the plugins' `onOperation` hooks, and masks the errors. Not
 * by Envelop's hooks: those make a chain of closures each, which is a fifth of all that a short request allocates. Synchronous
 * where the hooks and the operation are.
 */
export function createExecute(plugins: readonly ServerPlugin[], plans: DocumentPlans<Context>): Execute {
  const hooks = plugins.flatMap(({ onOperation }) => onOperation ?? []);

  return (args) => {
    const document = plans.of(args.document);
    const plan = document.operation(args.operationName);
    const operation: Operation = { args, context: args.contextValue, document, plan, execute: interpret };
    const finishing: Finish[] = [];
    const finish = (result: Executed) => finished(result, finishing);
    const begin = (from: number): Awaitable<Executed> => {
      for (let index = from; index < hooks.length; index += 1) {
        const hooked = hooks[index]?.(operation);
        if (hooked instanceof Promise) {
          return hooked.then((late) => {
            if (late) finishing.push(late);
            return begin(index + 1);
          });
        }
        if (hooked) finishing.push(hooked);
      }
      const result = operation.execute(args);
      return result instanceof Promise ? result.then(finish) : finish(result);
    };
    return begin(0);
  };
}

function finished(executed: Executed, finishing: readonly Finish[]): Executed {
  if (isAsyncIterable(executed)) return executed;
  let result = executed;
  for (const finish of finishing) result = finish(result);
  return result.errors ? { ...result, errors: result.errors.map((error) => toClientError(error)) } : result;
}
