import type { ExecutionArgs, ExecutionResult, GraphQLSchema } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { RoughLRU } from '../../cache/rough-lru.ts';
import type { DocumentPlans, OperationPlan } from '../limits/document-plan.ts';
import { type CompiledQuery, compile } from './compile-query.ts';

type Execute = (args: ExecutionArgs) => ExecutionResult | Promise<ExecutionResult>;

/** Executions after which a query is compiled: that takes as long as some of them, and most texts are never seen again. */
const executionsBefore = 3;

/** Fields of a query that is compiled at most: below an interface each takes up to 0.5 ms, in which nothing else is done. */
const maxFields = 100;

/** Fields of all compiled queries: each takes up to 15 kB. */
const maxFieldsInAll = 4_000;

/** Reads that are written down, which must not be done twice. */
const recorded = ['providerKeySecret'];

/**
 * Compiles queries that are asked again, which then take a fourth of the time. Comes before the plugins that wrap execution.
 * Mutations and subscriptions are interpreted: their time goes elsewhere. An answer with an error is not taken: the query is
 * executed once more by the interpreter, with what the context has loaded, so that errors are told as they always are.
 */
export function useCompiledQueries<Known>(schema: GraphQLSchema, plans: DocumentPlans<Known>): Plugin {
  const executions = new WeakMap<OperationPlan<Known>, number>();
  const compiled = new RoughLRU<OperationPlan<Known>, CompiledQuery>({
    maxSize: maxFieldsInAll,
    sizeCalculation: (_query, { fields }) => fields,
  });

  const find = ({ document, operationName }: ExecutionArgs): CompiledQuery | undefined => {
    const plan = plans.of(document);
    const operation = plan.operation(operationName);
    if (operation?.kind !== 'query' || operation.fields > maxFields) return undefined;
    const known = compiled.get(operation);
    if (known) return known;

    const count = (executions.get(operation) ?? 0) + 1;
    executions.set(operation, count);
    if (count <= executionsBefore) return undefined;
    const made = plan.selects(...recorded) ? undefined : compile(schema, document, operationName, operation.coerce);
    // One that is dropped for others must be asked as often again; one that cannot be compiled is not tried again.
    executions.set(operation, made ? 0 : Number.NEGATIVE_INFINITY);
    if (made) compiled.set(operation, made);
    return made;
  };
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      const query = find(args);
      if (query) setExecuteFn(orInterpreted(query, executeFn as Execute));
    },
  };
}

function orInterpreted(query: CompiledQuery, interpret: Execute): Execute {
  return (args) => {
    const result = query(args);
    return result instanceof Promise ? result.then((late) => late ?? interpret(args)) : (result ?? interpret(args));
  };
}
