import type { z } from '@hono/zod-openapi';
import { excerpt, maxIssues } from '../errors/base.ts';
import { limitRules } from '../limits.ts';
import { HttpError } from './http-error.ts';

/** One fault of a body: where, as a dotted path, and what is wrong. */
interface BodyFault {
  path: string;
  message: string;
  /** The kind of fault, where that is known. */
  code?: string;
}

/** More than any limit on a list can be set to. */
const longestList = limitRules.inputList.to;

/**
 * The body, if it has this shape.
 * @throws HttpError with the faults and their paths
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const tooLong = findLongList(body);
  if (tooLong) throw invalidBody([tooLong]);
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;

  throw invalidBody(parsed.error.issues.flatMap(faultsOf).slice(0, maxIssues));
}

/** Each entry of a list may be a fault: what the graph would refuse by its length is not looked into. */
function findLongList(body: unknown): BodyFault | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const [path] = Object.entries(body).find(([, value]) => Array.isArray(value) && value.length > longestList) ?? [];
  return path === undefined ? undefined : { path, message: 'must not have so many entries' };
}

/** The refusal of a request that has these faults. */
export function invalidBody(issues: readonly BodyFault[]): HttpError {
  const message = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ');
  return new HttpError('VALIDATION_ERROR', message, { details: { issues } });
}

/** The faults that a refusal names; none where it is of another kind. */
export function faultsOfRefusal({ details }: HttpError): readonly BodyFault[] {
  return Array.isArray(details.issues) ? details.issues : [];
}

/** A refusal whose faults are called as the body calls its fields: `nameOf` takes the graph's name of one. */
export function spelledAs(error: unknown, nameOf: (field: string) => string): unknown {
  const faults = error instanceof HttpError ? faultsOfRefusal(error) : [];
  if (faults.length === 0) return error;
  return invalidBody(
    faults.map(({ path, message }) => {
      const [field = '', ...rest] = path.split('.');
      return { path: [nameOf(field), ...rest].join('.'), message };
    }),
  );
}

function faultsOf(issue: z.core.$ZodIssue): BodyFault[] {
  const path = excerpt(issue.path.join('.'));
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, maxIssues).map((key) => ({
      path: excerpt([...issue.path, key].join('.')),
      message: 'there is no such field',
      code: 'UNKNOWN_FIELD',
    }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  if (isMissing) return [{ path, message: 'is required', code: 'MISSING_REQUIRED_FIELD' }];
  return [{ path, message: issue.message, code: issue.code === 'invalid_value' ? 'INVALID_ENUM' : 'INVALID_VALUE' }];
}
