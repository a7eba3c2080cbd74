import type { Catalog } from '../../catalog/catalog.ts';
import { idOf } from '../../catalog/model.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Counted, MemberClass, PolicyFacts, RecentUse } from '../../policy/impact.ts';
import { anySubject, type Subject } from '../../policy/subject.ts';
import { findRecentUse, type RecentUse as UsageOfModel } from '../usage/usage-user.ts';

/** How long before now is recent, in ms: 30 days. */
const recentMs = 30 * 24 * 60 * 60 * 1000;

/** Who asks, and when. */
export interface FactsContext {
  catalog: Catalog;
  viewerId: string | null;
  now: Date;
}

/** The organization, and the subjects whose rules differ from those of others: those of scopes and exceptions. */
export interface FactsKey {
  organizationId: string;
  subjectIds: readonly string[];
}

/** Of the facts, what is read here. The rest is known to whoever asks. */
export type StoredFacts = Omit<PolicyFacts, 'exceptions' | 'viewer'>;

/** Whose rules a row is about: the role, the user where it has rules of its own, and its teams that have rules. */
type ClassColumns = [role: Subject['role'], own: string | null, teams: string[] | null];
type Ref = [provider: string, modelId: string];

interface Row {
  index: number;
  /** All members, by role. */
  roles: [role: Subject['role'], count: number][] | null;
  /** Those with rules of their own, or of a team. */
  special: [...ClassColumns, count: number][] | null;
  visible: [id: string, isOwn: boolean, ...Ref][] | null;
  hidden: [...ClassColumns, ...Ref, count: number][] | null;
  sharedDefault: Ref | null;
  /** Those of members. */
  ownDefaults: [...ClassColumns, ...Ref, count: number][] | null;
  apiKeys: string[] | null;
}

/**
 * What a comparison of two policies needs, for each organization: the enabled configurations, one by one where the viewer sees
 * them, the members by their rules, and the use in the last 30 days. What is returned grows with the models, the rules and the
 * visible configurations, not with the members.
 */
export async function findPolicyFacts(
  db: Database,
  { catalog, viewerId, now }: FactsContext,
  keys: readonly FactsKey[],
): Promise<StoredFacts[]> {
  const asked = keys.map((key, index) => ({ index, ...key }));
  const rows = await db.query<Row>`
    WITH "asked" AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(asked)}::jsonb) AS k("index" int, "organizationId" text, "subjectIds" text[])),
    "named" AS (SELECT k."index", k."organizationId", s."id" FROM "asked" k CROSS JOIN LATERAL unnest(k."subjectIds") AS s("id")),
    "inTeams" AS (
      SELECT n."index", t."userId", array_agg(t."teamId" ORDER BY t."teamId") AS "teams"
      FROM "named" n JOIN public."TeamMember" t ON t."organizationId" = n."organizationId" AND t."teamId" = n."id"
      WHERE NOT EXISTS (SELECT 1 FROM public."ScimUser" s
        WHERE s."organizationId" = t."organizationId" AND s."userId" = t."userId" AND NOT s."active")
      GROUP BY 1, 2),
    "special" AS MATERIALIZED (
      SELECT "index", "userId", o."own", t."teams"
      FROM (SELECT "index", "id" AS "userId", "id" AS "own" FROM "named" WHERE "id" LIKE 'us%') o
        FULL JOIN "inTeams" t USING ("index", "userId"))
    SELECT k."index",
      (SELECT json_agg(json_build_array(g."role", g."count")) FROM (
         SELECT m."role", count(*)::int AS "count" FROM public."Membership" m
         WHERE m."organizationId" = k."organizationId" GROUP BY 1) g) AS "roles",
      (SELECT json_agg(json_build_array(g."role", g."own", g."teams", g."count")) FROM (
         SELECT m."role", s."own", s."teams", count(*)::int AS "count"
         FROM "special" s JOIN public."Membership" m ON m."organizationId" = k."organizationId" AND m."userId" = s."userId"
         WHERE s."index" = k."index" GROUP BY 1, 2, 3) g) AS "special",
      (SELECT json_agg(json_build_array(c."id", c."userId" IS NOT NULL, c."provider", c."modelId") ORDER BY c."createdAt", c."id")
       FROM public."ModelConfig" c
       WHERE c."organizationId" = k."organizationId" AND c."isEnabled" AND (c."userId" IS NULL OR c."userId" = ${viewerId})) AS "visible",
      (SELECT json_agg(json_build_array(g."role", g."own", g."teams", g."provider", g."modelId", g."count")) FROM (
         SELECT m."role", s."own", s."teams", c."provider", c."modelId", count(*)::int AS "count" FROM public."ModelConfig" c
           LEFT JOIN public."Membership" m ON m."organizationId" = c."organizationId" AND m."userId" = c."userId"
           LEFT JOIN "special" s ON s."index" = k."index" AND s."userId" = c."userId"
         WHERE c."organizationId" = k."organizationId" AND c."isEnabled" AND c."userId" IS NOT NULL
           AND c."userId" IS DISTINCT FROM ${viewerId}
         GROUP BY 1, 2, 3, 4, 5) g) AS "hidden",
      (SELECT json_build_array(c."provider", c."modelId") FROM public."ModelConfig" c
       WHERE c."organizationId" = k."organizationId" AND c."isDefault" AND c."isEnabled" AND c."userId" IS NULL) AS "sharedDefault",
      (SELECT json_agg(json_build_array(g."role", g."own", g."teams", g."provider", g."modelId", g."count")) FROM (
         SELECT m."role", s."own", s."teams", c."provider", c."modelId", count(*)::int AS "count" FROM public."ModelConfig" c
           JOIN public."Membership" m ON m."organizationId" = c."organizationId" AND m."userId" = c."userId"
           LEFT JOIN "special" s ON s."index" = k."index" AND s."userId" = c."userId"
         WHERE c."organizationId" = k."organizationId" AND c."isDefault" AND c."isEnabled" GROUP BY 1, 2, 3, 4, 5) g) AS "ownDefaults",
      (SELECT json_agg(a."id" ORDER BY a."id") FROM public."ApiKey" a
       WHERE a."organizationId" = k."organizationId" AND a."id" = ANY(k."subjectIds") AND a."revokedAt" IS NULL) AS "apiKeys"
    FROM "asked" k`;
  const organizationIds = keys.map(({ organizationId }) => organizationId);
  const used = await findRecentUse(db, organizationIds, new Date(now.getTime() - recentMs));
  const byIndex = new Map(rows.map((row) => [row.index, row]));
  return keys.map((_, index) => factsOf(catalog, byIndex.get(index), recentUseOf(used[index] ?? [])));
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

function factsOf(catalog: Catalog, row: Row | undefined, recentUse: ReadonlyMap<string, RecentUse>): StoredFacts {
  const { visible, sharedDefault, apiKeys } = row ?? {};
  return {
    catalog,
    configs: (visible ?? []).map(([id, isOwn, provider, modelId]) => ({ id, isOwn, provider, modelId })),
    sharedDefault: sharedDefault ? { provider: sharedDefault[0], modelId: sharedDefault[1] } : null,
    members: row ? classesOf(row) : [],
    apiKeys: (apiKeys ?? []).map((id) => ({ ...anySubject, id })),
    recentUse,
  };
}

/** The members by their rules: those whom the organization and their role alone concern are counted by subtraction. */
function classesOf({ roles, special, hidden, ownDefaults }: Row): MemberClass[] {
  const classes = new Map<string, MemberClass & { ownDefaults: Counted[]; hiddenConfigs: Counted[] }>();
  const classOf = (role: Subject['role'], id: string | null, teams: string[] | null) => {
    const key = JSON.stringify([role, id, teams]);
    const known = classes.get(key);
    if (known) return known;
    const subject = { ...anySubject, id, role, teams: teams ?? [] };
    const made = { subject, count: 0, ownDefaults: [], hiddenConfigs: [] };
    classes.set(key, made);
    return made;
  };
  for (const [role, count] of roles ?? []) classOf(role, null, null).count += count;
  for (const [role, own, teams, count] of special ?? []) {
    classOf(role, own, teams).count += count;
    classOf(role, null, null).count -= count;
  }
  for (const [role, own, teams, provider, modelId, count] of ownDefaults ?? []) {
    classOf(role, own, teams).ownDefaults.push({ provider, modelId, count });
  }
  for (const [role, own, teams, provider, modelId, count] of hidden ?? []) {
    classOf(role, own, teams).hiddenConfigs.push({ provider, modelId, count });
  }
  return [...classes.values()];
}
