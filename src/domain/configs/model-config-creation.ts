import { typeid } from 'typeid-js';
import { z } from 'zod';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { countRows, onlyRow, valuesOf } from '../../database/pool/sql.ts';
import { ForbiddenError } from '../../errors/base.ts';
import { DefaultConfigError, ModelNotAllowedError } from '../../errors/models.ts';
import type { Limits } from '../../limits.ts';
import { findModelAt, modelName } from '../../policy/model-selector.ts';
import { decide } from '../../policy/policy.ts';
import { refuseUnknownProviders } from '../input/providers.ts';
import { expectedRevision, parseInput, refuseOneMore } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import {
  type ConfigChangeContext,
  type ConfigOwner,
  clearDefault,
  findDefaultId,
  isOwnedBy,
  ledgerStateOf,
  type ModelConfig,
  refuseDefaultOfKind,
  refuseUnusableKey,
  subjectOf,
  wholeModelConfig,
} from './model-config.ts';
import { flag, keyId, parseSettings } from './model-config-input.ts';

const NewModelConfig = z.object({
  provider: z.string(),
  modelId: modelName,
  providerKeyId: keyId,
  settings: z.unknown().optional(),
  isEnabled: flag,
  isDefault: flag,
  expectedRevision,
});

/**
 * Creates a configuration.
 *
 * @throws ValidationError, InvalidProviderSlugError, ModelNotAllowedError, InvalidProviderKeyError, DefaultConfigError,
 *   RevisionConflictError
 */
export async function createModelConfig(
  db: Database,
  { catalog, actor, now, limits, subject }: ConfigChangeContext & { limits: Limits },
  owner: ConfigOwner,
  input: unknown,
): Promise<ModelConfig> {
  const { organizationId } = owner;
  const creatorId = actor.userId;
  if (creatorId === null) {
    throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'No API key may perform this action', organizationId);
  }
  const {
    provider,
    modelId,
    providerKeyId = null,
    isEnabled = true,
    isDefault = false,
    ...rest
  } = parseInput(NewModelConfig, input);
  refuseUnknownProviders([provider]);
  const model = findModelAt(catalog, provider, modelId);
  const settings = parseSettings(rest.settings ?? {}, model?.maxOutputTokens ?? null);
  if (isDefault && !isEnabled)
    throw new DefaultConfigError('A configuration that is disabled cannot become the default');

  return commit(db, { organizationId, actor, expectedRevision: rest.expectedRevision }, async (tx, snapshot) => {
    const present = Prisma.sql`public."ModelConfig" WHERE ${isOwnedBy(owner)}`;
    refuseOneMore(await countRows(tx, present), limits.modelConfigs, 'configurations of this owner');
    const access = decide(snapshot, subjectOf(owner, subject), catalog, model, now);
    if (!model || !access.allowed) throw new ModelNotAllowedError(`${provider}/${modelId}`, access);
    if (isDefault) refuseDefaultOfKind(model);
    if (providerKeyId !== null) await refuseUnusableKey(tx, { organizationId, provider }, providerKeyId);

    // A new default replaces another one: the ledger entry has both.
    const formerId = isDefault ? await findDefaultId(tx, owner) : null;
    const id = typeid('cfg').toString();
    // Stored under the model's canonical id, whatever alias was given.
    const identity = { ...owner, provider, modelId: model.modelId };
    const state = { providerKeyId, settings, isEnabled, isDefault };
    return {
      action: 'MODEL_CONFIG_CREATED',
      subjectId: id,
      before: formerId ? { defaultConfigId: formerId } : null,
      after: { ...ledgerStateOf(identity, state), ...(formerId ? { defaultConfigId: id } : {}) },
      apply: async ({ at }) => {
        if (formerId) await clearDefault(tx, owner, at);
        const config = { ...identity, ...state, id, creatorId, createdAt: at, updatedAt: at };
        return onlyRow(
          await tx.query<ModelConfig>`
            INSERT INTO public."ModelConfig" AS c ${valuesOf(config)} RETURNING ${wholeModelConfig}`,
        );
      },
    };
  });
}
