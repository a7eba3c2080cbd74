import { Prisma } from '../../database/generated/prisma/client.ts';
import type { ApiKeyManagers } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { defaultPolicy, type Policy, type PolicyDocument, policyOf } from '../../policy/policy-value.ts';

const settings = Prisma.sql`s."policy", s."updatedAt", s."updatedById"`;

/** A row with the policy as its document; null where the organization has none. */
type WithDocument<State extends Snapshot> = Omit<State, keyof Policy | 'exceptions'> & {
  policy: PolicyDocument | null;
};

function withPolicy<State extends Snapshot>({ policy, ...rest }: WithDocument<State>): State {
  return { ...rest, ...policyOf(policy), exceptions: [] } as unknown as State;
}

/** The state of an organization that its changes depend on. */
export interface GovernedState extends Snapshot {
  /** Who manages its API keys: the owners alone, or the admins too. */
  apiKeyManagers: ApiKeyManagers;
  /** Whom members ask about what they may not use; null where nobody said. */
  supportContact: string | null;
}

/** Everything that decisions about an organization depend on: its snapshot, and the providers at which it has active keys. */
export interface OrganizationState extends GovernedState {
  ownKeyProviders: readonly string[];
}

/** The states of these organizations, in their order; concurrent requests are coalesced into one statement. */
export const loadStates = coalesceFor(readStates);

async function readStates(db: Database, ids: readonly string[]): Promise<OrganizationState[]> {
  const distinct = [...new Set(ids)];
  // A statement of one value keeps its plan; one of a list is planned anew each time, for its length.
  const named = distinct.length === 1 ? Prisma.sql`= ${distinct[0]}` : Prisma.sql`= ANY(${distinct}::text[])`;
  const found = await db.query<WithDocument<OrganizationState>>`
    SELECT o."id" AS "organizationId", o."revision", o."apiKeyManagers", o."supportContact", ${settings},
           to_json(ARRAY(SELECT DISTINCT k."provider" FROM public."ProviderKey" k
             WHERE k."organizationId" = o."id" AND k."isActive")) AS "ownKeyProviders"
    FROM public."Organization" o LEFT JOIN public."ModelSettings" s ON s."organizationId" = o."id"
    WHERE o."id" ${named}`;
  const byId = new Map(found.map((row) => [row.organizationId, withPolicy<OrganizationState>(row)]));
  return ids.map((id) => byId.get(id) ?? emptyState(id));
}

/**
 * Locks an organization's row to the end of the transaction, and answers its current snapshot; undefined where there is
 * no such organization.
 */
export async function lockSnapshot(tx: Database, id: string): Promise<GovernedState | undefined> {
  const [locked] = await tx.query<WithDocument<GovernedState> & { seenRevision: number }>`
    WITH "locked" AS (
      SELECT "id", "revision", "apiKeyManagers", "supportContact" FROM public."Organization"
      WHERE "id" = ${id} FOR UPDATE)
    SELECT o."id" AS "organizationId", o."revision", o."apiKeyManagers", o."supportContact", ${settings},
           (SELECT "revision" FROM public."Organization" WHERE "id" = ${id}) AS "seenRevision"
    FROM "locked" o LEFT JOIN public."ModelSettings" s ON s."organizationId" = o."id"`;
  if (!locked) return undefined;

  const { seenRevision, ...snapshot } = locked;
  if (seenRevision === snapshot.revision) return withPolicy<GovernedState>(snapshot);
  // The statement waited for the lock: the locked row is current, but the rest was read from an older snapshot.
  return (await loadStates(tx, [id]))[0];
}

function emptyState(organizationId: string): OrganizationState {
  return {
    organizationId,
    revision: 0,
    apiKeyManagers: 'OWNERS',
    supportContact: null,
    ...defaultPolicy,
    exceptions: [],
    updatedAt: null,
    updatedById: null,
    ownKeyProviders: [],
  };
}
