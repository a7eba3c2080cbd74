import { z } from '@hono/zod-openapi';
import { invalidBody } from './faults.ts';
import type { RestContext } from './wire.ts';

const name = 'dry_run';

/** The query of a change that can be tried, as it is described. */
export const DescribedDryRun = z.object({
  [name]: z.boolean().default(false).openapi({
    description:
      '`true`: makes all checks, changes nothing, and answers what the change would mean. Nothing is kept under an `Idempotency-Key`.',
  }),
});

/** Whether a request asks for a dry run. Where its query has a fault, it does not. */
export function asksForDryRun({ req }: RestContext): boolean {
  return req.queries(name)?.join() === 'true';
}

/**
 * Refuses a request that may mean a dry run and does not say so exactly: it must not be taken for the change.
 * @throws HttpError
 */
export function checkDryRun({ req }: RestContext): void {
  const misspelt = Object.keys(req.queries()).find(
    (parameter) => parameter !== name && parameter.replaceAll(/[-_\s]/g, '').toLowerCase() === 'dryrun',
  );
  if (misspelt !== undefined) throw invalidBody([{ path: misspelt, message: `is not known; write ${name}` }]);

  const values = req.queries(name) ?? [];
  if (values.length > 1) throw invalidBody([{ path: name, message: 'must be given once' }]);
  if (values.length === 1 && !['true', 'false'].includes(values[0] ?? ''))
    throw invalidBody([{ path: name, message: 'must be true or false', code: 'INVALID_ENUM' }]);
}
