import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { ApiKeyManagers } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, onlyRow } from '../../database/pool/sql.ts';
import { definedFields } from '../input/defined-fields.ts';
import { Name } from '../input/name.ts';
import { expectedRevision, parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { MembersChange } from './membership-change.ts';
import { type Organization, organizationColumns } from './organization.ts';

const OrganizationChange = z.object({
  name: Name.optional(),
  supportContact: Name.nullable().optional(),
  apiKeyManagers: z.enum(ApiKeyManagers, 'must not be null').optional(),
  expectedRevision,
});

/**
 * Changes an organization. What is not given stays; a name that was changed is not replaced by those of tokens any more.
 * @throws ValidationError, RevisionConflictError
 */
export function updateOrganization(
  db: Database,
  { organizationId, actor }: MembersChange,
  input: unknown,
): Promise<Organization> {
  const { expectedRevision: expected, ...given } = parseInput(OrganizationChange, input);
  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = onlyRow(
      await tx.query<Organization>`
        SELECT ${organizationColumns} FROM public."Organization" WHERE "id" = ${organizationId}`,
    );
    const { name, apiKeyManagers, supportContact } = present;
    const before = { name, apiKeyManagers, supportContact };
    const after = { ...before, ...definedFields(given) };
    if (isDeepStrictEqual(before, after)) return { unchanged: present };

    const values = { ...after, nameSetByOwner: present.nameSetByOwner || after.name !== before.name };
    return {
      action: 'ORGANIZATION_UPDATED',
      subjectId: organizationId,
      before,
      after,
      apply: async () =>
        onlyRow(
          await tx.query<Organization>`
            UPDATE public."Organization" SET ${assignmentsOf(values)} WHERE "id" = ${organizationId}
            RETURNING ${organizationColumns}`,
        ),
    };
  });
}
