import { typeid } from 'typeid-js';
import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { columnsOf, countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ForbiddenError, NotFoundError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { parseInput, refuseOneMore } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import type { GovernedState } from '../ledger/snapshot.ts';
import { type ApiKey, apiKeyColumns, apiKeyScopes } from './api-key.ts';
import { newApiKeyToken } from './api-key-token.ts';
import { keyName } from './provider-key-input.ts';

/** The actor, the organization and the time of a change of API keys. */
export interface ApiKeysChange {
  organizationId: string;
  actor: Actor;
  /** Authorizes the actor by the organization's present settings, under its lock. Throws where it may not manage API keys. */
  authorize: (settings: GovernedState) => true;
  now: Date;
}

/** A new API key, and its token, which cannot be shown again. */
export interface CreatedApiKey {
  apiKey: ApiKey;
  secret: string;
}

// Later dates have no ISO 8601 form with a year of four digits, which the database and the ledger need.
const lastDay = new Date('9999-12-31T00:00:00Z');

const columns = columnsOf(apiKeyColumns);

const newApiKey = (now: Date) =>
  z.object({
    name: keyName,
    scopes: z
      .array(z.enum(apiKeyScopes))
      .min(1, 'must not be empty')
      .max(apiKeyScopes.length, 'must not have more entries than there are scopes')
      .transform((given) => apiKeyScopes.filter((scope) => given.includes(scope))),
    expiresAt: z
      .date()
      .refine((date) => date > now, 'must be in the future')
      .refine((date) => date < lastDay, 'must not be after the year 9999')
      .nullish(),
  });

/**
 * Creates an API key for a service of an organization; only the hash of its token is stored.
 *
 * @throws ValidationError, ForbiddenError for anyone but a user
 */
export async function createApiKey(
  db: Database,
  { organizationId, actor, authorize, now, limits }: ApiKeysChange & { limits: Limits },
  input: unknown,
): Promise<CreatedApiKey> {
  const { expiresAt = null, ...described } = parseInput(newApiKey(now), input);
  const { userId: createdById } = actor;
  if (createdById === null) {
    throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'No API key may perform this action', organizationId);
  }

  const { token, hash, last4 } = newApiKeyToken();
  const key = { id: typeid('api').toString(), organizationId, createdById, expiresAt, last4, ...described };
  const apiKey = await commit(db, { organizationId, actor }, async (tx, settings) => {
    authorize(settings);
    const present = Prisma.sql`public."ApiKey" WHERE "organizationId" = ${organizationId} AND "revokedAt" IS NULL`;
    refuseOneMore(await countRows(tx, present), limits.apiKeys, 'API keys');
    return {
      action: 'API_KEY_CREATED',
      subjectId: key.id,
      before: null,
      after: ledgerStateOf(key, 'ACTIVE'),
      apply: async ({ at }) =>
        onlyRow(
          await tx.query<ApiKey>`
            INSERT INTO public."ApiKey" ${valuesOf({ ...key, hash, createdAt: at })} RETURNING ${columns}`,
        ),
    };
  });
  return { apiKey, secret: token };
}

/**
 * Revokes an API key for good: the next request with it is refused. Idempotent.
 *
 * @throws NotFoundError
 */
export async function revokeApiKey(
  db: Database,
  { organizationId, actor, authorize }: Omit<ApiKeysChange, 'now'>,
  id: string,
): Promise<ApiKey> {
  return commit(db, { organizationId, actor }, async (tx, settings) => {
    authorize(settings);
    const isMeant = Prisma.sql`"organizationId" = ${organizationId} AND "id" = ${id}`;
    const [present] = await tx.query<ApiKey>`SELECT ${columns} FROM public."ApiKey" WHERE ${isMeant}`;
    if (!present) throw new NotFoundError();
    if (present.revokedAt !== null) return { unchanged: present };

    return {
      action: 'API_KEY_REVOKED',
      subjectId: id,
      before: ledgerStateOf(present, 'ACTIVE'),
      after: ledgerStateOf(present, 'REVOKED'),
      apply: async ({ at }) =>
        onlyRow(
          await tx.query<ApiKey>`UPDATE public."ApiKey" SET "revokedAt" = ${at} WHERE ${isMeant} RETURNING ${columns}`,
        ),
    };
  });
}

function ledgerStateOf(
  { name, scopes, last4, expiresAt }: Pick<ApiKey, 'name' | 'scopes' | 'last4' | 'expiresAt'>,
  status: 'ACTIVE' | 'REVOKED',
) {
  return { name, scopes, last4, expiresAt: expiresAt?.toISOString() ?? null, status };
}
