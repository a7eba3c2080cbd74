import { Prisma } from '../../database/generated/prisma/client.ts';
import type { ApiKeyManagers } from '../../database/generated/prisma/enums.ts';
import type { Database } from '../../database/pool/client.ts';
import { coalesceFor } from '../../database/pool/coalesce.ts';
import type { Exception } from '../../policy/exception.ts';
import type { Snapshot } from '../../policy/policy.ts';
import { defaultPolicy, type Policy, type PolicyDocument, policyOf } from '../../policy/policy-value.ts';

const settings = Prisma.sql`s."policy", s."updatedAt", s."updatedById"`;

/**
 * The exceptions of the organization "o" that are granted. Those that have ended long ago are left out; which of the others have is
 * for `decide`, whose clock may be another than that of the database.
 */
const exceptions = Prisma.sql`to_json(ARRAY(
  SELECT json_build_object('id', e."id", 'subjectId', e."subjectId", 'models', e."models",
    'untilMs', (extract(epoch FROM e."until") * 1000)::bigint)
  FROM public."ModelException" e
  WHERE e."organizationId" = o."id" AND e."state" = 'GRANTED' AND e."until" > now() - interval '1 day'
  ORDER BY e."id")) AS "exceptions"`;

/** A row with the policy as its document, null where the organization has none; and with the exceptions as JSON has them. */
type Row<State extends Snapshot> = Omit<State, keyof Policy | 'exceptions'> & {
  policy: PolicyDocument | null;
  exceptions: (Omit<Exception, 'until'> & { untilMs: number })[];
};

function stateOf<State extends Snapshot>({ policy, exceptions: granted, ...rest }: Row<State>): State {
  return { ...rest, ...policyOf(policy), exceptions: granted.map(exceptionOf) } as unknown as State;
}

function exceptionOf({ untilMs, ...exception }: Row<Snapshot>['exceptions'][number]): Exception {
  return { ...exception, until: new Date(untilMs) };
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
  const found = await db.query<Row<OrganizationState>>`
    SELECT o."id" AS "organizationId", o."revision", o."apiKeyManagers", o."supportContact", ${settings}, ${exceptions},
           to_json(ARRAY(SELECT DISTINCT k."provider" FROM public."ProviderKey" k
             WHERE k."organizationId" = o."id" AND k."isActive")) AS "ownKeyProviders"
    FROM public."Organization" o LEFT JOIN public."ModelSettings" s ON s."organizationId" = o."id"
    WHERE o."id" ${named}`;
  const byId = new Map(found.map((row) => [row.organizationId, stateOf<OrganizationState>(row)]));
  return ids.map((id) => byId.get(id) ?? emptyState(id));
}

/**
 * Locks an organization's row to the end of the transaction, and answers its current snapshot; undefined where there is
 * no such organization.
 */
export async function lockSnapshot(tx: Database, id: string): Promise<GovernedState | undefined> {
  const [locked] = await tx.query<Row<GovernedState> & { seenRevision: number }>`
    WITH "locked" AS (
      SELECT "id", "revision", "apiKeyManagers", "supportContact" FROM public."Organization"
      WHERE "id" = ${id} FOR UPDATE)
    SELECT o."id" AS "organizationId", o."revision", o."apiKeyManagers", o."supportContact", ${settings}, ${exceptions},
           (SELECT "revision" FROM public."Organization" WHERE "id" = ${id}) AS "seenRevision"
    FROM "locked" o LEFT JOIN public."ModelSettings" s ON s."organizationId" = o."id"`;
  if (!locked) return undefined;

  const { seenRevision, ...snapshot } = locked;
  if (seenRevision === snapshot.revision) return stateOf<GovernedState>(snapshot);
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
