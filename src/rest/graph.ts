import type { DocumentNode, ExecutionArgs, ExecutionResult, GraphQLError } from 'graphql';
import type { Context } from '../context.ts';
import type { Row } from './view.ts';

/** Runs documents of ours as a client's request would: in the same context, with the same authorization and limits. */
export interface Graph {
  /** The data, whole. @throws GraphFailure where any of it is missing. */
  ask: (document: DocumentNode, variables: Row) => Promise<Row>;
  /** Who asks. Costs points, as a document does. @throws GraphFailure */
  viewer: () => Promise<Context['viewer']>;
  /**
   * Asks for a permission by its name, in the organization or on the object with this id. Costs points, as a document does.
   * @throws GraphFailure that says why the caller has it not
   */
  authorize: (permission: Permission, id: string) => Promise<void>;
  /** Does the work once for the caller's key; its changes and its answer are one transaction. @throws GraphFailure */
  once: <Answer>(attempt: Attempt, work: (graph: Graph) => Promise<Outcome<Answer>>) => Promise<Repeatable<Answer>>;
}

/** The auth scopes of the graph that routes name. */
export type Permission =
  | 'readOrganization'
  | 'updateModelSettings'
  | 'writeOwnConfigs'
  | 'writesConfig'
  | 'manageProviderKeys'
  | 'managesProviderKey';

/** What it costs to ask who one is, or what one may: as much as the smallest document that tells it. */
const questionPoints = 3;

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

/** What a graph is run with. */
export interface Means {
  pipeline: Pipeline;
  /** Masks what a client may not see. */
  toClientError: (error: unknown) => GraphQLError;
  /** Consumes points from the rate limit of whoever asks. @throws RateLimitedError */
  spend: (viewer: Context['viewer'], points: number) => void | Promise<void>;
  /** @throws UserError that says why not */
  authorize: (context: Context, permission: Permission, id: string) => unknown;
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
  const { pipeline, toClientError, spend, authorize, answerOnce } = means;
  const withContext = async <Result>(work: (context: Context) => Result | Promise<Result>): Promise<Result> => {
    try {
      return await work(await open());
    } catch (error) {
      throw error instanceof GraphFailure ? error : new GraphFailure([toClientError(error)]);
    }
  };

  return {
    ask: (document, variables) =>
      withContext(async (contextValue) => {
        const args = { schema: pipeline.schema, document, contextValue, variableValues: variables };
        const { data, errors } = await pipeline.execute(args);
        if (errors?.length) throw new GraphFailure(errors.map(toClientError));
        return data ?? {};
      }),
    viewer: () =>
      withContext(async (context) => {
        await spend(context.viewer, questionPoints);
        return context.viewer;
      }),
    authorize: (permission, id) =>
      withContext(async (context) => {
        await spend(context.viewer, questionPoints);
        await authorize(context, permission, id);
      }),
    once: (attempt, work) =>
      withContext((context) => answerOnce(context, attempt, (within) => work(graphIn(means, async () => within)))),
  };
}
