import type { Catalog } from '../../catalog/catalog.ts';
import type { Model } from '../../catalog/model.ts';
import { type ModelConfig as DatabaseModelConfig, Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { DefaultConfigError, InvalidProviderKeyError } from '../../errors/models.ts';
import { canBeDefault, decide, type Snapshot } from '../../policy/policy.ts';
import { idsOf } from '../input/id.ts';
import type { Actor } from '../ledger/ledger-entry.ts';
import { isWithin, type ReadScope } from '../reading/read-scope.ts';

/**
 * A configured model: shared by the organization where `userId` is null, else that user's own. Its `settings` are null where
 * they were not asked for, and a text of JSON where they are only shown.
 */
export type ModelConfig = DatabaseModelConfig;

/** Which configurations are asked for, and whether with their settings: those are long, and most do without. */
export interface ConfigKey {
  /** Of a configuration, or of an organization for its defaults. */
  id: string;
  hasSettings: boolean;
}

const columns = Prisma.sql`c."id", c."organizationId", c."userId", c."creatorId", c."provider", c."modelId",
  c."providerKeyId", c."isEnabled", c."isDefault", c."createdAt", c."updatedAt"`;

/** The columns of a configuration `c` that is only shown: its settings where this holds, as a text. */
export const shownModelConfig = (hasSettings: Prisma.Sql) =>
  Prisma.sql`${columns}, CASE WHEN ${hasSettings} THEN c."settings"::text END AS "settings"`;

/** The columns of one that is changed: its settings as the object that they are. */
export const wholeModelConfig = Prisma.sql`${columns}, c."settings"`;

/** The ids of those that are asked for with their settings. */
export function idsWithSettings(keys: readonly ConfigKey[]): string[] {
  return keys.flatMap(({ id, hasSettings }) => (hasSettings ? [id] : []));
}

/** Whose configurations: the organization's where `userId` is null. */
export type ConfigOwner = Pick<ModelConfig, 'organizationId' | 'userId'>;

/** Who changes configurations, and what is known of the world at that moment. */
export interface ConfigWorld {
  catalog: Catalog;
  actor: Actor;
  now: Date;
}

/** What of a configuration can change. */
export interface ConfigState {
  providerKeyId: string | null;
  settings: Prisma.InputJsonObject;
  isEnabled: boolean;
  isDefault: boolean;
}

/** The model of a configuration; undefined where the catalog has it no more. */
export function modelOf(
  catalog: Catalog,
  { provider, modelId }: { provider: string; modelId: string },
): Model | undefined {
  return catalog.find(`${provider}/${modelId}`);
}

/** What of this configuration can change, as it is now. */
export function stateOf({ providerKeyId, settings, isEnabled, isDefault }: ModelConfig): ConfigState {
  return { providerKeyId, settings: settings as Prisma.InputJsonObject, isEnabled, isDefault };
}

/** What the ledger says of a configuration. */
export function ledgerStateOf(
  { userId, provider, modelId }: Pick<ModelConfig, 'userId' | 'provider' | 'modelId'>,
  { providerKeyId, settings, isEnabled, isDefault }: ConfigState,
) {
  return { userId, provider, modelId, providerKeyId, settings, isEnabled, isDefault };
}

/**
 * A configuration under its organization's lock; the caller has seen it, but it may be gone by now.
 * @throws NotFoundError
 */
export async function lockedConfig(
  tx: Database,
  { organizationId, id }: Pick<ModelConfig, 'organizationId' | 'id'>,
): Promise<ModelConfig> {
  const [config] = await tx.query<ModelConfig>`
    SELECT ${wholeModelConfig} FROM public."ModelConfig" c
    WHERE c."organizationId" = ${organizationId} AND c."id" = ${id}`;
  if (!config) throw new NotFoundError();
  return config;
}

/**
 * Refuses a default that is not allowed, or not made for chat: neither can be made one.
 * @throws DefaultConfigError
 */
export function refuseUnusableDefault(
  snapshot: Snapshot,
  { catalog, now }: ConfigWorld,
  config: Pick<ModelConfig, 'provider' | 'modelId'>,
): void {
  const { allowed, reasons, model } = decide(snapshot, modelOf(catalog, config), now);
  if (!allowed) {
    throw new DefaultConfigError(`A model that is not allowed (${reasons.join(', ')}) cannot become the default`);
  }
  if (model) refuseDefaultOfKind(model);
}

/**
 * Refuses a default whose model is not made for chat.
 * @throws DefaultConfigError
 */
export function refuseDefaultOfKind(model: Model): void {
  if (canBeDefault(model)) return;
  throw new DefaultConfigError(`A model of kind ${model.kind} cannot become the default; only a chat model can`);
}

/**
 * Refuses a key that is not there for the organization and provider, or off; the two are not told apart.
 * @throws InvalidProviderKeyError
 */
export async function refuseUnusableKey(
  tx: Database,
  { organizationId, provider }: Pick<ModelConfig, 'organizationId' | 'provider'>,
  providerKeyId: string,
): Promise<void> {
  const found = await countRows(
    tx,
    Prisma.sql`public."ProviderKey" WHERE "organizationId" = ${organizationId} AND "provider" = ${provider}
      AND "id" = ${providerKeyId} AND "isActive"`,
  );
  if (found === 0) throw new InvalidProviderKeyError();
}

/**
 * Makes the default of an organization, or of a user in it, one no more; before another is written, which then meets no
 * other. Under the organization's lock nobody sees it between the two.
 */
export async function unmakeDefault(tx: Database, owner: ConfigOwner, at: Date): Promise<void> {
  await tx.query`
    UPDATE public."ModelConfig" SET "isDefault" = false, "updatedAt" = ${at} WHERE ${isOwnedBy(owner)} AND "isDefault"`;
}

/** The id of the present default of an organization, or of a user in it. */
export async function findDefaultId(tx: Database, owner: ConfigOwner): Promise<string | null> {
  const [found] = await tx.query<{ id: string }>`
    SELECT "id" FROM public."ModelConfig" WHERE ${isOwnedBy(owner)} AND "isDefault"`;
  return found?.id ?? null;
}

/** As a condition, which the partial indexes serve. */
export function isOwnedBy({ organizationId, userId }: ConfigOwner): Prisma.Sql {
  const isOwner = userId === null ? Prisma.sql`"userId" IS NULL` : Prisma.sql`"userId" = ${userId}`;
  return Prisma.sql`"organizationId" = ${organizationId} AND ${isOwner}`;
}

/** Configurations by id, in the order of the keys; null for one that is not there, or not seen. */
export async function findModelConfigs(
  db: Database,
  { userId, organizations }: ReadScope,
  keys: readonly ConfigKey[],
): Promise<(ModelConfig | null)[]> {
  const ids = keys.map(({ id }) => id);
  const found = await db.query<ModelConfig>`
    SELECT ${shownModelConfig(Prisma.sql`c."id" = ANY(${idsOf('cfg', idsWithSettings(keys))}::text[])`)}
    FROM public."ModelConfig" c
    WHERE c."id" = ANY(${idsOf('cfg', ids)}::text[]) AND ${isWithin(organizations, Prisma.sql`c."organizationId"`)}
      AND (c."userId" IS NULL OR c."userId" = ${userId})`;
  const byId = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => byId.get(id) ?? null);
}

/** Which models are configured in an organization, by itself or by the viewer. */
export function findConfiguredModels(
  db: Database,
  viewerId: string | null,
  organizationId: string,
): Promise<Pick<ModelConfig, 'id' | 'provider' | 'modelId'>[]> {
  return db.query`
    SELECT c."id", c."provider", c."modelId" FROM public."ModelConfig" c
    WHERE c."organizationId" = ${organizationId} AND (c."userId" IS NULL OR c."userId" = ${viewerId})
    ORDER BY c."createdAt", c."id"`;
}
