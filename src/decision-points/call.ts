import type { Context } from '../context.ts';
import { parseStrictJson, RefusedJsonError } from '../domain/input/strict-json.ts';
import { ValidationError } from '../errors/base.ts';
import type { PointRequest } from './point-request.ts';

interface CallOptions {
  request: PointRequest;
  context: Context;
  organizationOfPath: string | undefined;
  /** Throws the error that was found while the body was read. */
  checkBody: () => void;
  spend: (points: number) => void | Promise<void>;
  onEvaluation: (id: string) => void;
}

/** Characters of JSON that are parsed for a point: a body of a megabyte takes up to 15 ms. */
const parsedPerPoint = 2_000;

/** One request to a point, by a caller who is authenticated. */
export class Call {
  readonly request: PointRequest;
  readonly context: Context;
  /** The organization that the path names. */
  readonly organizationOfPath: string | undefined;
  /** Writes an id into the log line of the request, so that an answer that has it can be found there. */
  readonly onEvaluation: CallOptions['onEvaluation'];
  readonly #checkBody: () => void;
  readonly #spend: CallOptions['spend'];
  /** Whether the body was read, and its points are not consumed yet. */
  #owesBody = false;

  constructor({ request, context, organizationOfPath, checkBody, spend, onEvaluation }: CallOptions) {
    this.request = request;
    this.context = context;
    this.organizationOfPath = organizationOfPath;
    this.onEvaluation = onEvaluation;
    this.#checkBody = checkBody;
    this.#spend = spend;
  }

  /** Consumes points from the rate limit of the caller, and one for so many characters of the body. @throws RateLimitedError */
  spend(points: number, charactersPerPoint = parsedPerPoint): void | Promise<void> {
    this.#owesBody = false;
    return this.#spend(points + Math.floor(this.request.content.length / charactersPerPoint));
  }

  /** Consumes the points of a body that was read, and refused. @throws RateLimitedError */
  spendOnRefusal(): void | Promise<void> {
    if (this.#owesBody) return this.spend(0);
  }

  /** The body, which must be a JSON object. @throws ValidationError; GraphQLError for a body that could not be read */
  body(): Readonly<Record<string, unknown>> {
    const { content, headers } = this.request;
    this.#checkBody();
    if (!/^application\/json *(;|$)/i.test(headers.get('content-type') ?? ''))
      throw invalid('', 'The content type must be application/json');
    if (content === '') throw invalid('', 'There is no body, and a JSON object is expected');
    this.#owesBody = true;
    const value = parse(content);
    if (!isObject(value)) throw invalid('', 'The body must be a JSON object');
    return value;
  }
}

function parse(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    // The messages of other errors quote the body.
    throw invalid('', error instanceof RefusedJsonError ? error.message : 'The body is not valid JSON');
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The error for one fault of a request; `path` is dotted. */
export function invalid(path: string, message: string): ValidationError {
  return new ValidationError([{ path, message }]);
}
