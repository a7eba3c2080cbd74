import { isDeepStrictEqual } from 'node:util';
import { typeid } from 'typeid-js';
import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ValidationError } from '../../errors/base.ts';
import type { Limits } from '../../limits.ts';
import { definedFields } from '../input/defined-fields.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { expectedRevision, parseInput, refuseOneMore } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import type { Sealed, Vault } from '../vault/vault.ts';
import { ledgerStateOf, lockedProviderKey, type ProviderKey, providerKeyColumnList } from './provider-key.ts';
import { keyName, keySecret, minSecretLength } from './provider-key-input.ts';

/** The actor and the organization of a change of provider keys. */
export interface ProviderKeysChange {
  organizationId: string;
  actor: Actor;
}

const isActive = z.boolean({ error: 'must be true or false' });

const NewProviderKey = z.object({
  provider: z.string(),
  name: keyName,
  secret: keySecret,
  isActive: isActive.default(true),
  expectedRevision,
});

const ProviderKeyChange = z.object({ name: keyName.optional(), isActive: isActive.optional(), expectedRevision });

const NewSecret = ProviderKeyChange.extend({ secret: keySecret });

/**
 * Creates a provider key of an organization. Its secret is sealed by the vault, and not part of the answer.
 *
 * @throws ValidationError, InvalidProviderSlugError, RevisionConflictError
 */
export async function createProviderKey(
  db: Database,
  vault: Vault,
  { organizationId, actor, limits }: ProviderKeysChange & { limits: Limits },
  input: unknown,
): Promise<ProviderKey> {
  const { secret, expectedRevision: expected, ...described } = parseInput(NewProviderKey, input);
  refuseSecretInName(described.name, secret);
  refuseUnknownProviders([described.provider]);

  const place = { id: typeid('key').toString(), organizationId, provider: described.provider };
  const key = { ...place, ...described, last4: secret.slice(-4) };
  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = Prisma.sql`public."ProviderKey" WHERE "organizationId" = ${organizationId}`;
    refuseOneMore(await countRows(tx, present), limits.providerKeys, 'provider keys');
    return {
      action: 'PROVIDER_KEY_CREATED',
      subjectId: place.id,
      before: null,
      after: ledgerStateOf(key),
      apply: async ({ at }) => {
        const sealed = { ...key, ...vault.seal(place, secret), createdAt: at, updatedAt: at };
        return onlyRow(
          await tx.query<ProviderKey>`
            INSERT INTO public."ProviderKey" ${valuesOf(sealed)} RETURNING ${providerKeyColumnList}`,
        );
      },
    };
  });
}

/**
 * Renames, activates or deactivates a provider key; what is absent stays.
 *
 * @throws ValidationError, NotFoundError, RevisionConflictError
 */
export async function updateProviderKey(
  db: Database,
  vault: Vault,
  { organizationId, actor }: ProviderKeysChange,
  id: string,
  input: unknown,
): Promise<ProviderKey> {
  const { expectedRevision: expected, ...change } = parseInput(ProviderKeyChange, input);

  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = await lockedProviderKey(tx, id, organizationId);
    if (change.name !== undefined) refuseSecretInName(change.name, await openSealed(tx, vault, present));
    const after = { ...present, ...definedFields(change) };
    if (isDeepStrictEqual(present, after)) return { unchanged: present };

    const { name, isActive } = after;
    return {
      action: 'PROVIDER_KEY_UPDATED',
      subjectId: id,
      before: ledgerStateOf(present),
      after: ledgerStateOf(after),
      apply: ({ at }) => write(tx, present, { name, isActive, updatedAt: at }),
    };
  });
}

/**
 * Replaces the secret of a provider key under the same id, so that its configurations keep working; may rename or
 * deactivate it in the same change.
 *
 * @throws ValidationError, NotFoundError, RevisionConflictError
 */
export async function rotateProviderKey(
  db: Database,
  vault: Vault,
  { organizationId, actor }: ProviderKeysChange,
  id: string,
  input: unknown,
): Promise<ProviderKey> {
  const { secret, expectedRevision: expected, ...change } = parseInput(NewSecret, input);

  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = await lockedProviderKey(tx, id, organizationId);
    if (change.name !== undefined) refuseSecretInName(change.name, await openSealed(tx, vault, present));
    const after = { ...present, ...definedFields(change), last4: secret.slice(-4) };
    refuseSecretInName(after.name, secret);
    const { name, isActive, last4 } = after;
    return {
      action: 'PROVIDER_KEY_ROTATED',
      subjectId: id,
      before: ledgerStateOf(present),
      after: ledgerStateOf(after),
      apply: ({ at }) => write(tx, present, { name, isActive, last4, ...vault.seal(present, secret), updatedAt: at }),
    };
  });
}

async function write(
  tx: Database,
  { organizationId, id }: ProviderKey,
  change: Partial<ProviderKey & Sealed>,
): Promise<ProviderKey> {
  return onlyRow(
    await tx.query<ProviderKey>`
      UPDATE public."ProviderKey" SET ${assignmentsOf(change)}
      WHERE "organizationId" = ${organizationId} AND "id" = ${id} RETURNING ${providerKeyColumnList}`,
  );
}

/** A name is visible to every member, and cannot be deleted from the ledger. */
function refuseSecretInName(name: string, secret: string | undefined): void {
  // A name may contain a few characters by chance.
  if (secret === undefined || secret.length < minSecretLength || !name.includes(secret)) return;
  throw new ValidationError([{ path: 'name', message: 'must not hold the key itself' }]);
}

/** The present secret; undefined where it cannot be decrypted, which is reported when the key is used. */
async function openSealed(tx: Database, vault: Vault, key: ProviderKey): Promise<string | undefined> {
  const [sealed] = await tx.query<Sealed>`
    SELECT "sealed", "masterKeyId" FROM public."ProviderKey"
    WHERE "organizationId" = ${key.organizationId} AND "id" = ${key.id}`;
  try {
    return sealed && vault.open({ ...key, ...sealed });
  } catch {
    return undefined;
  }
}
