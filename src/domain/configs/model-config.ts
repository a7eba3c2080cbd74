import type { Catalog } from '../../catalog/catalog.ts';
import type { Model } from '../../catalog/model.ts';
import { type ModelConfig as DatabaseModelConfig, Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows } from '../../database/pool/sql.ts';
import { NotFoundError } from '../../errors/base.ts';
import { DefaultConfigError, InvalidProviderKeyError } from '../../errors/models.ts';
import { canBeDefault, decide, type Snapshot } from '../../policy/policy.ts';
import { anySubject, type Subject } from '../../policy/subject.ts';
import type { Actor } from '../ledger/ledger-entry.ts';

/**
 * A configured model: shared by the organization where `userId` is null, else that user's own. `settings` is null where it
 * was not selected, and the text of JSON where it was read by `readShown`.
 */
export type ModelConfig = DatabaseModelConfig;

/** The columns of a configuration `c`, without times and settings. */
export const plainColumns = Prisma.sql`c."id", c."organizationId", c."userId", c."creatorId", c."provider", c."modelId",
  c."providerKeyId", c."isEnabled", c."isDefault"`;

/** The columns of a configuration `c` for a change: its settings as an object. */
export const wholeModelConfig = Prisma.sql`${plainColumns}, c."createdAt", c."updatedAt", c."settings"`;

/** The owner of configurations: the organization where `userId` is null. */
export type ConfigOwner = Pick<ModelConfig, 'organizationId' | 'userId'>;

/** The actor, the catalog and the time of a change of configurations. */
export interface ConfigChangeContext {
  catalog: Catalog;
  actor: Actor;
  now: Date;
  /** Whoever makes the change. What is for the whole organization is decided without the rules of a subject. */
  subject: Subject;
}

/** The fields of a configuration that can change. */
export interface ConfigState {
  providerKeyId: string | null;
  settings: Prisma.InputJsonObject;
  isEnabled: boolean;
  isDefault: boolean;
}

/** The model of a configuration; undefined where the catalog no longer has it. */
export function modelOf(
  catalog: Catalog,
  { provider, modelId }: { provider: string; modelId: string },
): Model | undefined {
  return catalog.find(`${provider}/${modelId}`);
}

/** The fields of this configuration that can change. */
export function stateOf({ providerKeyId, settings, isEnabled, isDefault }: ModelConfig): ConfigState {
  return { providerKeyId, settings: settings as Prisma.InputJsonObject, isEnabled, isDefault };
}

/** The state of a configuration in a ledger entry. */
export function ledgerStateOf(
  { userId, provider, modelId }: Pick<ModelConfig, 'userId' | 'provider' | 'modelId'>,
  { providerKeyId, settings, isEnabled, isDefault }: ConfigState,
) {
  return { userId, provider, modelId, providerKeyId, settings, isEnabled, isDefault };
}

/**
 * Reads a configuration again under its organization's lock: it may have been deleted since it was authorized.
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

/** For whom a configuration is decided on: for its user, or for whoever has no rules of its own. */
export function subjectOf({ userId }: Pick<ModelConfig, 'userId'>, user: Subject): Subject {
  return userId === null ? anySubject : user;
}

/**
 * Refuses a default whose model is not allowed, or no chat model.
 * @throws DefaultConfigError
 */
export function refuseUnusableDefault(
  snapshot: Snapshot,
  { catalog, now, subject }: ConfigChangeContext,
  config: Pick<ModelConfig, 'provider' | 'modelId' | 'userId'>,
): void {
  const { allowed, reasons, model } = decide(
    snapshot,
    subjectOf(config, subject),
    catalog,
    modelOf(catalog, config),
    now,
  );
  if (!allowed) {
    throw new DefaultConfigError(`A model that is not allowed (${reasons.join(', ')}) cannot become the default`);
  }
  if (model) refuseDefaultOfKind(model);
}

/**
 * Refuses a default whose model is no chat model.
 * @throws DefaultConfigError
 */
export function refuseDefaultOfKind(model: Model): void {
  if (canBeDefault(model)) return;
  throw new DefaultConfigError(`A model of kind ${model.kind} cannot become the default; only a chat model can`);
}

/**
 * Refuses a key that the organization does not have for the provider, or that is inactive; the error is the same.
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
 * Clears the default of an organization, or of a user in it. To be called before a new default is written: the index is
 * unique. The organization's lock serializes this with other changes of the default.
 */
export async function clearDefault(tx: Database, owner: ConfigOwner, at: Date): Promise<void> {
  await tx.query`
    UPDATE public."ModelConfig" SET "isDefault" = false, "updatedAt" = ${at} WHERE ${isOwnedBy(owner)} AND "isDefault"`;
}

/** The id of the default configuration of an organization, or of a user in it. */
export async function findDefaultId(tx: Database, owner: ConfigOwner): Promise<string | null> {
  const [found] = await tx.query<{ id: string }>`
    SELECT "id" FROM public."ModelConfig" WHERE ${isOwnedBy(owner)} AND "isDefault"`;
  return found?.id ?? null;
}

/** The condition in SQL, in a form that the partial indexes match. */
export function isOwnedBy({ organizationId, userId }: ConfigOwner): Prisma.Sql {
  const isOwner = userId === null ? Prisma.sql`"userId" IS NULL` : Prisma.sql`"userId" = ${userId}`;
  return Prisma.sql`"organizationId" = ${organizationId} AND ${isOwner}`;
}

/** The models that are configured in an organization: shared, or the viewer's own. */
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
