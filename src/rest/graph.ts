import type { DocumentNode } from 'graphql';
import type { Context } from '../context.ts';
import type { Outcome } from '../domain/idempotency/idempotency.ts';
import { AnswerTooLargeError, type ErrorCode } from '../errors/base.ts';
import { etagOf } from './etag.ts';
import { HttpError } from './http-error.ts';
import type { Attempt, Permission, RestOptions } from './options.ts';
import type { Row } from './view.ts';

/** What it costs to ask who one is, or what one may: as much as the smallest document that tells it. */
const questionPoints = 3;

/** Of the longest answer: to read a list page by page, and to write it in another form, takes twice the time of one page as long. */
const maxShareOfSettings = 0.5;

/** Runs documents of ours as a client's request would: in the same context, with the same authorization and limits. */
export class Graph {
  readonly #request: Request;
  readonly #serverContext: object;
  readonly #options: RestOptions;
  #context: Context | Promise<Context> | undefined;

  constructor(request: Request, serverContext: object, options: RestOptions, context?: Context) {
    this.#request = request;
    this.#serverContext = serverContext;
    this.#options = options;
    this.#context = context;
  }

  /** The data, whole. @throws HttpError where any of it is missing */
  async ask(document: DocumentNode, variableValues: Row): Promise<Row> {
    const contextValue = await this.#open();
    const { data, errors = [] } = await this.#options.execute({ document, contextValue, variableValues });
    const [refusal] = errors.map((error) => this.refusalOf(error));
    if (refusal) throw refusal;
    return data ?? {};
  }

  /** Who asks. Costs points, as a document does. */
  async viewer(): Promise<Context['viewer']> {
    const { viewer } = await this.#open();
    await this.#options.spend(this.#request, viewer, questionPoints);
    return viewer;
  }

  /**
   * Asks for a permission by its name, in the organization or on the object with this id. Costs points, as a document does.
   * @throws UserError that says why the caller has it not
   */
  async authorize(permission: Permission, id: string): Promise<void> {
    await this.viewer();
    await this.#options.authorize(await this.#open(), permission, id);
  }

  /**
   * Reads a part of an answer that no document tells, in a context of its own: as it is now, with the deadline of a query. Does not
   * authorize.
   */
  async read<Part>(work: (context: Context) => Promise<Part>): Promise<Part> {
    return this.#options.read(await this.#open(), work);
  }

  /**
   * Reads the answer itself where no document tells it, in the caller's context: how long the answer is cached follows from what
   * is read. Does not authorize.
   */
  async readTracked<Part>(work: (context: Context) => Promise<Part>): Promise<Part> {
    return work(await this.#open());
  }

  /** Spends points for what was read. @throws RateLimitedError */
  async spend(points: number): Promise<void> {
    const { viewer } = await this.#open();
    await this.#options.spend(this.#request, viewer, points);
  }

  /**
   * Refuses a list of all configurations where their settings alone are too long for it: else all that fit in an answer would be
   * read before. Does not authorize: the first page was read.
   *
   * @throws AnswerTooLargeError
   */
  async refuseLongSettings(organizationId: string): Promise<void> {
    const { configs, limits } = await this.#open();
    const bytes = await configs.settingsBytes.load(organizationId);
    const maxBytes = limits.answerBytes * maxShareOfSettings;
    if (bytes > maxBytes) throw new AnswerTooLargeError(maxBytes);
  }

  /** The entity tag of the answer, by what it was made from: call it after the last question. */
  async entityTagOf(revision: number): Promise<string> {
    return etagOf(revision, (await this.#open()).dependencies.decisions);
  }

  /** Does the work once for the caller's key; its changes and its answer are one transaction. */
  async once<Answer>(attempt: Attempt, work: (graph: Graph) => Promise<Outcome<Answer>>): Promise<Answer> {
    return this.#options.answerOnce(this.#request, await this.#open(), attempt, (context) =>
      work(new Graph(this.#request, this.#serverContext, this.#options, context)),
    );
  }

  /** An error as a client may see it. It is recorded, and what is none of a client's business is logged, and masked. */
  refusalOf(error: unknown): HttpError {
    if (error instanceof HttpError) return error;
    const told = this.#options.toClientError(error);
    this.#options.onError(this.#request, told);
    const { code, ...options } = told.extensions as {
      code: ErrorCode;
      status: number;
      details: Record<string, unknown>;
    };
    const { retryAfterSeconds } = options.details ?? {};
    const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
    return new HttpError(code, told.message, { ...options, headers });
  }

  /** Who asks is found out once, when the first question comes. */
  #open(): Context | Promise<Context> {
    this.#context ??= this.#options.openContext(this.#request, this.#serverContext);
    return this.#context;
  }
}
