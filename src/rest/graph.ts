import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../context.ts';

/** Runs documents of ours as a client's request would: in the same context, with the same authorization and limits. */
export interface Graph {
  /** The data, whole. @throws GraphFailure where any of it is missing. */
  ask: <Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables) => Promise<Data>;
  /** Does the work once for the caller's key; its changes and its answer are one transaction. @throws GraphFailure */
  once: <Answer>(attempt: Attempt, work: (graph: Graph) => Promise<Outcome<Answer>>) => Promise<Repeatable<Answer>>;
}

interface Attempt {
  key: string;
  /** All that was asked: the same key must not ask for something else. */
  asked: string;
}
interface Outcome<Answer> {
  answer: Answer;
  /** Whether a second attempt shall be answered alike. */
  keep: boolean;
}
interface Repeatable<Answer> {
  answer: Answer;
  isReplay: boolean;
}

export type AnswerOnce = <Answer>(
  context: Context,
  attempt: Attempt,
  work: (context: Context) => Promise<Outcome<Answer>>,
) => Promise<Repeatable<Answer>>;

/** Errors of the graph, each as a client may see it. */
export class GraphFailure extends Error {
  readonly errors: readonly GraphQLError[];

  constructor(errors: readonly GraphQLError[]) {
    super(errors.map(({ message }) => message).join('; '));
    this.name = 'GraphFailure';
    this.errors = errors;
  }
}

/** The part of the server's pipeline that comes after parsing and validation: our own documents are known to be valid. */
export interface Pipeline {
  contextFactory: () => Promise<Context> | Context;
  execute: (args: ExecutionArgs) => Promise<ExecutionResult> | ExecutionResult;
  schema: ExecutionArgs['schema'];
}

interface Means {
  pipeline: Pipeline;
  /** Masks what a client may not see. */
  toClientError: (error: unknown) => GraphQLError;
  answerOnce: AnswerOnce;
}

/** A graph for one request; who asks is found out once, when it is first asked. */
export function createGraph(means: Means): Graph {
  let context: Promise<Context> | undefined;
  return graphIn(means, () => {
    context ??= Promise.resolve(means.pipeline.contextFactory());
    return context;
  });
}

function graphIn(means: Means, open: () => Promise<Context>): Graph {
  const { pipeline, toClientError, answerOnce } = means;
  const failure = (error: unknown) => {
    throw error instanceof GraphFailure ? error : new GraphFailure([toClientError(error)]);
  };
  const execute = async (document: ExecutionArgs['document'], variables: unknown) =>
    pipeline.execute({
      schema: pipeline.schema,
      document,
      contextValue: await open(),
      variableValues: variables as Record<string, unknown>,
    });

  return {
    ask: async (document, variables) => {
      const { data, errors } = await execute(document, variables).catch(failure);
      if (errors?.length) throw new GraphFailure(errors.map(toClientError));
      return data as never;
    },
    once: async (attempt, work) => {
      const context = await open().catch(failure);
      const within = (context: Context) => work(graphIn(means, async () => context));
      return answerOnce(context, attempt, within).catch(failure);
    },
  };
}
