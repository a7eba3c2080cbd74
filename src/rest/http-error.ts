import { type ErrorCode, errorCodes } from '../errors/base.ts';
import { GraphFailure } from './graph.ts';

/** What every document asks of a change that was refused. */
export const refusalSelection = `... on UserError {
  code message
  ... on ForbiddenError { organizationId }
  ... on ValidationError { issues { path message } }
  ... on InvalidProviderSlugError { invalidProviders validProviders }
  ... on UnknownModelError { modelKey }
  ... on DefaultModelDisabledError { modelKey reasons }
  ... on ModelNotAllowedError { modelKey reasons }
  ... on ProviderKeyInUseError { modelConfigIds }
  ... on RevisionConflictError { expectedRevision currentRevision }
}`;

interface HttpErrorOptions {
  /** As the graph names them. */
  details?: Readonly<Record<string, unknown>>;
  /** The code's own where absent. */
  status?: number;
  headers?: Record<string, string>;
}

/** A request that is refused, whatever the wire format. */
export class HttpError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(code: ErrorCode, message: string, { details = {}, status, headers = {} }: HttpErrorOptions = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
    this.status = status ?? errorCodes[code].status;
    this.headers = headers;
  }
}

interface ResultError extends Record<string, unknown> {
  code: ErrorCode;
  message: string;
}

/** The refusal that a mutation answered. */
export function refusedBy({ code, message, organizationId, ...details }: ResultError): HttpError {
  return new HttpError(code, message, { details: organizationId ? { organizationId, ...details } : details });
}

/** What each error of the graph says beside its message. */
interface GraphExtensions {
  code: ErrorCode;
  status: number;
  details: Record<string, unknown>;
}

/** Anything that was thrown, as a refusal; what is none of a client's business is masked before it comes here. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  const first = error instanceof GraphFailure ? error.errors[0] : undefined;
  if (!first) return new HttpError('INTERNAL_SERVER_ERROR', 'Unexpected error.');
  const { code, status, details } = first.extensions as unknown as GraphExtensions;
  return new HttpError(code, first.message, { status, details });
}
