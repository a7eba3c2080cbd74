import type { GraphQLSchema } from 'graphql';
import { RoughLRU } from '../../cache/rough-lru.ts';
import type { Context } from '../../context.ts';
import type { Execute, Operation, ServerPlugin } from '../execute.ts';
import type { OperationPlan } from '../limits/document-plan.ts';
import type { CompiledQuery, compile } from './compile-query.ts';

/** Executions after which a query is compiled: that takes as long as some of them, and most texts are never seen again. */
const executionsBefore = 3;

/** Fields of a query that is compiled at most: below an interface each takes up to 0.5 ms, in which nothing else is done. */
const maxFields = 100;

/** Fields of all compiled queries: each takes up to 15 kB. */
const maxFieldsInAll = 4_000;

/** Reads that are written down, which must not be done twice. */
const recorded = ['providerKeySecret'];

let compiler: typeof compile | undefined;

/** Loads the compiler, 60 ms of work for which the start need not wait: until then every query is interpreted. */
export async function loadCompiler(): Promise<void> {
  ({ compile: compiler } = await import('./compile-query.ts'));
}

/**
 * Compiles queries that are asked again, which then take a fourth of the time. Comes before the plugins that wrap execution.
 * Mutations and subscriptions are interpreted: their time goes elsewhere. An answer with an error is not taken: the query is
 * executed once more by the interpreter, with what the context has loaded, so that errors are told as they always are.
 */
export function useCompiledQueries(schema: GraphQLSchema): ServerPlugin {
  const executions = new WeakMap<OperationPlan<Context>, number>();
  const compiled = new RoughLRU<OperationPlan<Context>, CompiledQuery>({
    maxSize: maxFieldsInAll,
    sizeCalculation: (_query, { fields }) => fields,
  });

  const find = ({ args, document, plan }: Operation): CompiledQuery | undefined => {
    if (plan?.kind !== 'query' || plan.fields > maxFields) return undefined;
    const known = compiled.get(plan);
    if (known) return known;

    const count = (executions.get(plan) ?? 0) + 1;
    executions.set(plan, count);
    if (!compiler || count <= executionsBefore) return undefined;
    const isCompilable = !document.selects(...recorded);
    const made = isCompilable ? compiler(schema, args.document, args.operationName, plan.coerce) : undefined;
    // One that is dropped for others must be asked as often again; one that cannot be compiled is not tried again.
    executions.set(plan, made ? 0 : Number.NEGATIVE_INFINITY);
    if (made) compiled.set(plan, made);
    return made;
  };
  return {
    onOperation(operation) {
      const query = find(operation);
      if (query) operation.execute = orInterpreted(query, operation.execute);
    },
  };
}

function orInterpreted(query: CompiledQuery, interpret: Execute): Execute {
  return (args) => {
    const result = query(args);
    return result instanceof Promise ? result.then((late) => late ?? interpret(args)) : (result ?? interpret(args));
  };
}
