import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { unfitNames } from '../../policy/policy-fields.ts';
import { loadStates } from '../ledger/snapshot.ts';

/**
 * The names in the present policy of an organization that would be refused, or written otherwise, if they were new. A change that has
 * them again leaves them as they are.
 */
export async function findKeptNames(db: Database, organizationId: string): Promise<ReadonlySet<string>> {
  const [present] = await loadStates(db, [organizationId]);
  return present ? unfitNames(present) : new Set();
}

/**
 * Parses a change; where it is refused, once more with the names that are kept. So only what is refused costs a statement.
 * @throws ValidationError
 */
export async function parseKeeping<Change>(
  db: Database,
  organizationId: string,
  parse: (kept?: ReadonlySet<string>) => Change,
): Promise<Change> {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    const kept = await findKeptNames(db, organizationId);
    if (kept.size === 0) throw error;
    return parse(kept);
  }
}
