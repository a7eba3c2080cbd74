import { type ErrorCode, errorCodes } from '../errors/base.ts';

/** What every document asks of a change that was refused. */
export const refusalSelection = `... on ModelgateError {
  code message
  ... on ModelgateForbiddenError { organizationId }
  ... on ModelgateValidationError { issues { path message } }
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
    this.name = 'HttpError';
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
