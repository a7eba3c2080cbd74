import { typeid } from 'typeid-js';
import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import { ScimSubject } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ForbiddenError, NotFoundError, ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { parseInput, refuseOneMore } from '../input/validation.ts';
import { keyName } from '../keys/provider-key-input.ts';
import { commit } from '../ledger/ledger.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import { columnsOfScimToken, type ScimToken, scimSecrets } from './scim-token.ts';

/** The actor and the organization of a change of SCIM tokens. */
export interface ScimTokensChange {
  organizationId: string;
  actor: Actor;
}

/** A new SCIM token, and its secret, which cannot be shown again. */
export interface CreatedScimToken {
  scimToken: ScimToken;
  secret: string;
}

const NewScimToken = z.object({ name: keyName, issuer: z.string().nullish(), subjectAttribute: z.enum(ScimSubject) });

/**
 * Creates a SCIM token for a directory; only the hash of its secret is stored. `issuers` are those whose tokens the service accepts:
 * the first one is the default.
 *
 * @throws ValidationError, ForbiddenError for anyone but a user
 */
export async function createScimToken(
  db: Database,
  { organizationId, actor, issuers, limits }: ScimTokensChange & { issuers: readonly string[]; limits: Limits },
  input: unknown,
): Promise<CreatedScimToken> {
  const { issuer: named, ...described } = parseInput(NewScimToken, input);
  const { userId: createdById } = actor;
  if (createdById === null) {
    throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'No API key may perform this action', organizationId);
  }
  const issuer = named ?? issuers[0];
  if (issuer === undefined || !issuers.includes(issuer)) {
    throw new ValidationError([{ path: 'issuer', message: 'must be an issuer whose tokens are accepted here' }]);
  }

  const { token, hash, last4 } = scimSecrets.create();
  const row = { id: typeid('sct').toString(), organizationId, issuer, last4, createdById, ...described };
  const scimToken = await commit(db, { organizationId, actor }, async (tx) => {
    const present = Prisma.sql`public."ScimToken" WHERE "organizationId" = ${organizationId} AND "revokedAt" IS NULL`;
    refuseOneMore(await countRows(tx, present), limits.scimTokens, 'SCIM tokens');
    return {
      action: 'SCIM_TOKEN_CREATED',
      subjectId: row.id,
      before: null,
      after: ledgerStateOf(row),
      apply: async ({ at }) =>
        onlyRow(
          await tx.query<ScimToken>`
            INSERT INTO public."ScimToken" ${valuesOf({ ...row, hash, createdAt: at })}
            RETURNING ${columnsOfScimToken}`,
        ),
    };
  });
  return { scimToken, secret: token };
}

/**
 * Revokes a SCIM token for good: the next request with it is refused. What it has made stays. Idempotent.
 * @throws NotFoundError
 */
export function revokeScimToken(db: Database, change: ScimTokensChange, id: string): Promise<ScimToken> {
  return commit(db, change, async (tx) => {
    const isMeant = Prisma.sql`"organizationId" = ${change.organizationId} AND "id" = ${id}`;
    const [present] = await tx.query<ScimToken>`SELECT ${columnsOfScimToken} FROM public."ScimToken" WHERE ${isMeant}`;
    if (!present) throw new NotFoundError('The organization has no such SCIM token');
    if (present.revokedAt !== null) return { unchanged: present };

    return {
      action: 'SCIM_TOKEN_REVOKED',
      subjectId: id,
      before: ledgerStateOf(present),
      after: null,
      apply: async ({ at }) =>
        onlyRow(
          await tx.query<ScimToken>`
            UPDATE public."ScimToken" SET "revokedAt" = ${at} WHERE ${isMeant} RETURNING ${columnsOfScimToken}`,
        ),
    };
  });
}

function ledgerStateOf({
  name,
  issuer,
  subjectAttribute,
  last4,
}: Pick<ScimToken, 'name' | 'issuer' | 'subjectAttribute' | 'last4'>) {
  return { name, issuer, subjectAttribute, last4 };
}
