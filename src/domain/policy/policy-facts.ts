import type { Catalog } from '../../catalog/catalog.ts';
import { idOf } from '../../catalog/model.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { PolicyFacts, RecentUse } from '../../policy/impact.ts';
import { findRecentUse, type RecentUse as UsageOfModel } from '../usage/usage-user.ts';

/** How long before now is recent, in ms: 30 days. */
const recentMs = 30 * 24 * 60 * 60 * 1000;

/** Who asks, and when. */
export interface FactsContext {
  catalog: Catalog;
  viewerId: string | null;
  now: Date;
}

type Ref = [provider: string, modelId: string];

interface Row {
  id: string;
  members: number;
  visible: [id: string, ...Ref][] | null;
  hidden: [...Ref, count: number][] | null;
  sharedDefault: Ref | null;
  /** Those of members: others know no rules but these. */
  ownDefaults: [...Ref, members: number][] | null;
}

/**
 * What a comparison of two policies needs, for each organization: the enabled configurations, one by one where the viewer sees
 * them, the members by their rules, and the use in the last 30 days. What is returned grows with the models and the visible
 * configurations, not with the members.
 */
export async function findPolicyFacts(
  db: Database,
  { catalog, viewerId, now }: FactsContext,
  organizationIds: readonly string[],
): Promise<PolicyFacts[]> {
  const rows = await db.query<Row>`
    SELECT o."id",
      (SELECT count(*)::int FROM public."Membership" m WHERE m."organizationId" = o."id") AS "members",
      (SELECT json_agg(json_build_array(c."id", c."provider", c."modelId") ORDER BY c."createdAt", c."id") FROM public."ModelConfig" c
       WHERE c."organizationId" = o."id" AND c."isEnabled" AND (c."userId" IS NULL OR c."userId" = ${viewerId})) AS "visible",
      (SELECT json_agg(json_build_array(g."provider", g."modelId", g."count")) FROM (
         SELECT c."provider", c."modelId", count(*)::int AS "count" FROM public."ModelConfig" c
         WHERE c."organizationId" = o."id" AND c."isEnabled" AND c."userId" IS NOT NULL AND c."userId" IS DISTINCT FROM ${viewerId}
         GROUP BY 1, 2) g) AS "hidden",
      (SELECT json_build_array(c."provider", c."modelId") FROM public."ModelConfig" c
       WHERE c."organizationId" = o."id" AND c."isDefault" AND c."isEnabled" AND c."userId" IS NULL) AS "sharedDefault",
      (SELECT json_agg(json_build_array(g."provider", g."modelId", g."count")) FROM (
         SELECT c."provider", c."modelId", count(*)::int AS "count" FROM public."ModelConfig" c
           JOIN public."Membership" m ON m."organizationId" = c."organizationId" AND m."userId" = c."userId"
         WHERE c."organizationId" = o."id" AND c."isDefault" AND c."isEnabled" GROUP BY 1, 2) g) AS "ownDefaults"
    FROM unnest(${[...organizationIds]}::text[]) AS o("id")`;
  const used = await findRecentUse(db, organizationIds, new Date(now.getTime() - recentMs));
  const byId = new Map(rows.map((row) => [row.id, row]));
  return organizationIds.map((id, index) => factsOf(catalog, byId.get(id), recentUseOf(used[index] ?? [])));
}

function recentUseOf(used: readonly UsageOfModel[]): ReadonlyMap<string, RecentUse> {
  return new Map(
    used.map(({ uses, cost, users, ...model }) => [
      idOf(model),
      { uses, cost: cost === null ? null : unitsOf(cost), users },
    ]),
  );
}

// The default precision of 20 digits is too low for large sums.
const Exact = Prisma.Decimal.clone({ precision: 60 });

/** Units of a US dollar, as `RecentUse` counts its cost. */
const unitsPerDollar = 10 ** 12;

/** A decimal of US dollars in units of 10^-12. */
function unitsOf(dollars: string): bigint {
  return BigInt(new Exact(dollars).times(unitsPerDollar).toFixed(0));
}

/** US dollars of units of 10^-12, as a decimal. */
export function dollarsOf(units: bigint): string {
  return new Exact(units.toString()).div(unitsPerDollar).toFixed();
}

function factsOf(catalog: Catalog, row: Row | undefined, recentUse: ReadonlyMap<string, RecentUse>): PolicyFacts {
  const { members = 0, visible, hidden, sharedDefault, ownDefaults } = row ?? {};
  const own = (ownDefaults ?? []).map(([provider, modelId, count]) => ({ ownDefault: { provider, modelId }, count }));
  const withOwn = own.reduce((sum, { count }) => sum + count, 0);
  return {
    catalog,
    configs: (visible ?? []).map(([id, provider, modelId]) => ({ id, provider, modelId })),
    hiddenConfigs: (hidden ?? []).map(([provider, modelId, count]) => ({ provider, modelId, count })),
    sharedDefault: sharedDefault ? { provider: sharedDefault[0], modelId: sharedDefault[1] } : null,
    members: [{ ownDefault: null, count: members - withOwn }, ...own],
    recentUse,
  };
}
