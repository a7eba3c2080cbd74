import type { Catalog } from '../../catalog/catalog.ts';
import { providerSlugs } from '../../catalog/providers.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { hasModel } from '../../policy/model-set.ts';
import { type KeyStatus, keyStatusOf } from '../keys/key-status.ts';
import type { OrganizationState } from '../ledger/snapshot.ts';
import { compareKeys, groupByOrganization, type Page } from '../reading/page.ts';
import { asRow, type ListedModelConfig, readShown } from './model-config-rows.ts';

/** A filter of configurations; a condition that is absent or null matches all. */
export interface ModelConfigFilter {
  provider?: string | null | undefined;
  modelId?: string | null | undefined;
  scope?: 'ORGANIZATION' | 'USER' | null | undefined;
  isEnabled?: boolean | null | undefined;
  isDefault?: boolean | null | undefined;
  allowed?: boolean | null | undefined;
  supportsSearch?: boolean | null | undefined;
  keyStatus?: KeyStatus | null | undefined;
}

/** The order of a list: by time of creation, or by the model's name; ties are broken by id. */
export interface ModelConfigOrder {
  field: 'CREATED_AT' | 'DISPLAY_NAME';
  direction: 'ASC' | 'DESC';
}

/** The sort key of a row. It contains the field of the order, so that a cursor of another order is recognized. */
export type ModelConfigKey = [field: ModelConfigOrder['field'], sortKey: string, id: string];

/** The arguments of a page of configurations. */
export interface ModelConfigPage extends Page<ModelConfigKey> {
  filter: ModelConfigFilter;
  order: ModelConfigOrder;
  hasSettings: boolean;
}

/** The viewer, for visibility, and what some filters need: catalog, policy and provider keys. */
export interface ModelConfigView {
  viewerId: string | null;
  catalog: Catalog;
  decisions: (ids: readonly string[]) => Promise<readonly Decisions[]>;
  platformProviders: ReadonlySet<string>;
  states: (ids: readonly string[]) => Promise<readonly OrganizationState[]>;
}

/** The sort key of a row in this order. */
export function keyOfModelConfig(order: ModelConfigOrder): (row: ListedModelConfig) => ModelConfigKey {
  return order.field === 'CREATED_AT'
    ? ({ createdAt, id }) => [order.field, createdAt.toISOString(), id]
    : ({ displayName, id }) => [order.field, displayName ?? '', id];
}

/** A page of each organization, in one statement. Visibility: the shared configurations, and the viewer's own. */
export async function findModelConfigPages(
  db: Database,
  view: ModelConfigView,
  organizationIds: readonly string[],
  { filter, order, hasSettings, after, before, limit, inverted }: ModelConfigPage,
): Promise<ListedModelConfig[][]> {
  const isAscending = order.direction === 'ASC';
  const isByName = order.field === 'DISPLAY_NAME';
  const column = isByName ? displayName : Prisma.sql`c."createdAt"`;
  const beyond = (key: ModelConfigKey | undefined, isGreater: boolean) => {
    if (key === undefined) return Prisma.empty;
    const value = isByName ? Prisma.sql`${key[1]}` : Prisma.sql`${key[1]}::timestamptz`;
    return Prisma.sql`AND (${column}, c."id") ${isGreater ? Prisma.sql`>` : Prisma.sql`<`} (${value}, ${key[2]})`;
  };
  const direction = isAscending !== inverted ? Prisma.sql`ASC` : Prisma.sql`DESC`;

  const selected = Prisma.sql`
    SELECT c.* FROM unnest(${[...organizationIds]}::text[]) AS o("id") CROSS JOIN LATERAL (
      SELECT ${asRow(hasSettings ? Prisma.sql`TRUE` : undefined, isByName ? displayName : undefined)}
      FROM public."ModelConfig" c ${isByName ? namesOf(view.catalog) : Prisma.empty}
      WHERE c."organizationId" = o."id" ${await conditions(view, organizationIds, filter)}
        ${beyond(after, isAscending)} ${beyond(before, !isAscending)}
      ORDER BY ${column} ${direction}, c."id" ${direction} LIMIT ${limit}) c`;
  return groupByOrganization(await readShown(db, selected, hasSettings), organizationIds);
}

/** Merges the pages of several organizations, read with the same arguments, into one page. */
export function mergePages(
  pages: readonly (readonly ListedModelConfig[])[],
  { order, limit, inverted }: ModelConfigPage,
): ListedModelConfig[] {
  const [only = []] = pages;
  if (pages.length < 2) return only.slice(0, limit);

  const keyOf = keyOfModelConfig(order);
  const sign = (order.direction === 'ASC') === inverted ? -1 : 1;
  return pages
    .flat()
    .toSorted((left, right) => sign * compareKeys(keyOf(left), keyOf(right)))
    .slice(0, limit);
}

/** How many configurations of each organization match the filter and are visible to the viewer. */
export async function countModelConfigs(
  db: Database,
  view: ModelConfigView,
  organizationIds: readonly string[],
  filter: ModelConfigFilter,
): Promise<number[]> {
  const found = await db.query<{ organizationId: string; count: number }>`
    SELECT c."organizationId", count(*)::int FROM public."ModelConfig" c
    WHERE c."organizationId" = ANY(${[...organizationIds]}::text[]) ${await conditions(view, organizationIds, filter)}
    GROUP BY c."organizationId"`;
  const counts = new Map(found.map(({ organizationId, count }) => [organizationId, count]));
  return organizationIds.map((id) => counts.get(id) ?? 0);
}

/** The bytes of the settings, as JSON, of all configurations of an organization that are visible to the viewer. */
export async function sumSettingsBytes(db: Database, viewerId: string | null, organizationId: string): Promise<number> {
  const [sum] = await db.query<{ bytes: number }>`
    SELECT coalesce(sum(octet_length(c."settings"::text)), 0)::float8 AS "bytes" FROM public."ModelConfig" c
    WHERE c."organizationId" = ${organizationId} AND (c."userId" IS NULL OR c."userId" = ${viewerId})`;
  return sum?.bytes ?? 0;
}

// By code point, so that a cursor is valid on every machine, whatever its collations.
const displayName = Prisma.sql`(coalesce(n."displayName", c."modelId") COLLATE "C")`;

/** Joins the catalog's names, to order by. */
function namesOf({ models }: Catalog): Prisma.Sql {
  const columns = [
    models.map((model) => model.provider),
    models.map((model) => model.modelId),
    models.map((model) => model.displayName),
  ];
  return Prisma.sql`LEFT JOIN unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[])
    AS n("provider", "modelId", "displayName") ON n."provider" = c."provider" AND n."modelId" = c."modelId"`;
}

async function conditions(
  view: ModelConfigView,
  ids: readonly string[],
  filter: ModelConfigFilter,
): Promise<Prisma.Sql> {
  const { provider, modelId, scope, isEnabled, isDefault, allowed, supportsSearch, keyStatus } = filter;
  const found = [Prisma.sql`AND (c."userId" IS NULL OR c."userId" = ${view.viewerId})`];
  if (isGiven(provider)) found.push(Prisma.sql`AND c."provider" = ${provider}`);
  if (isGiven(modelId)) found.push(Prisma.sql`AND c."modelId" = ${modelId}`);
  if (isGiven(scope)) found.push(Prisma.sql`AND (c."userId" IS NULL) = ${scope === 'ORGANIZATION'}`);
  if (isGiven(isEnabled)) found.push(Prisma.sql`AND c."isEnabled" = ${isEnabled}`);
  if (isGiven(isDefault)) found.push(Prisma.sql`AND c."isDefault" = ${isDefault}`);
  if (isGiven(allowed)) found.push(isAmong(await allowedModels(view, ids), allowed));
  if (isGiven(supportsSearch)) found.push(isAmong(searchingModels(view, ids), supportsSearch));
  if (isGiven(keyStatus)) found.push(isAmong(await modelsOfStatus(view, ids, keyStatus), true));
  return Prisma.join(found, ' ');
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

/** A model in an organization; without `modelId` every model of the provider. */
interface Among {
  organizationId: string;
  provider: string;
  modelId?: string;
}

function isAmong(models: readonly Among[], isWanted: boolean): Prisma.Sql {
  const columns = [
    models.map((m) => m.organizationId),
    models.map((m) => m.provider),
    models.map((m) => m.modelId ?? null),
  ];
  return Prisma.sql`AND EXISTS (
    SELECT 1 FROM unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) AS w("o", "p", "m")
    WHERE w."o" = c."organizationId" AND w."p" = c."provider" AND (w."m" IS NULL OR w."m" = c."modelId")) = ${isWanted}`;
}

async function allowedModels(view: ModelConfigView, ids: readonly string[]): Promise<Among[]> {
  return (await view.decisions(ids)).flatMap((decisions) => {
    const allowed = decisions.allowed();
    return view.catalog.models
      .filter(({ position }) => hasModel(allowed, position))
      .map(({ provider, modelId }) => ({ organizationId: decisions.state.organizationId, provider, modelId }));
  });
}

function searchingModels({ catalog }: ModelConfigView, ids: readonly string[]): Among[] {
  const models = catalog.models.filter(({ supportsSearch }) => supportsSearch);
  return ids.flatMap((organizationId) =>
    models.map(({ provider, modelId }) => ({ organizationId, provider, modelId })),
  );
}

async function modelsOfStatus(view: ModelConfigView, ids: readonly string[], status: KeyStatus): Promise<Among[]> {
  const states = await view.states(ids);
  return ids.flatMap((organizationId, index) =>
    providerSlugs
      .filter(
        (provider) => keyStatusOf(provider, states[index]?.ownKeyProviders ?? [], view.platformProviders) === status,
      )
      .map((provider) => ({ organizationId, provider })),
  );
}
