import { typeid } from 'typeid-js';
import { z } from 'zod';
import { type Database, inTransaction } from '../database/client.ts';
import { commitWithin } from './ledger.ts';
import type { Actor } from './ledger-entry.ts';
import { parseInput } from './validation.ts';

const NewOrganization = z.object({
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(200, 'must not be longer than 200 characters')
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters'),
});

/**
 * Creates an organization whose owner is this user, and answers its id. The ledger begins with it.
 * @throws ValidationError
 */
export async function createOrganization(
  db: Database,
  userId: string,
  input: unknown,
  note: Actor['note'],
): Promise<string> {
  const { name } = parseInput(NewOrganization, input);
  const organizationId = typeid('org').toString();
  await inTransaction(db, async (tx) => {
    await tx.organization.create({ data: { id: organizationId, name } });
    // Nobody can have lost a right in an organization that is only being made.
    const actor = { userId, apiKeyId: null, confirm: async () => {}, roleIn: () => null, note };
    await commitWithin(tx, { organizationId, actor }, async () => ({
      action: 'ORGANIZATION_CREATED',
      subjectId: organizationId,
      before: null,
      after: { name, ownerId: userId },
      apply: () => tx.membership.create({ data: { organizationId, userId, role: 'OWNER' } }),
    }));
  });
  return organizationId;
}
