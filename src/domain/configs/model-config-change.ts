import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { assignmentsOf, onlyRow } from '../../database/pool/sql.ts';
import { DefaultConfigError } from '../../errors/models.ts';
import { definedFields } from '../input/defined-fields.ts';
import { expectedRevision, parseInput } from '../input/validation.ts';
import { commit } from '../ledger/ledger.ts';
import {
  type ConfigChangeContext,
  type ConfigState,
  clearDefault,
  findDefaultId,
  ledgerStateOf,
  lockedConfig,
  type ModelConfig,
  modelOf,
  refuseUnusableDefault,
  refuseUnusableKey,
  stateOf,
  wholeModelConfig,
} from './model-config.ts';
import { flag, keyId, parseSettings } from './model-config-input.ts';

const ModelConfigChange = z.object({
  providerKeyId: keyId,
  settings: z.unknown().optional(),
  isEnabled: flag,
  isDefault: flag,
  expectedRevision,
});

/**
 * Changes a configuration: what is absent stays, `settings` is replaced as a whole, null removes the provider key.
 *
 * @throws ValidationError, InvalidProviderKeyError, DefaultConfigError, NotFoundError, RevisionConflictError
 */
export async function updateModelConfig(
  db: Database,
  world: ConfigChangeContext,
  { id, organizationId }: Pick<ModelConfig, 'id' | 'organizationId'>,
  input: unknown,
): Promise<ModelConfig> {
  const { expectedRevision, settings, ...rest } = parseInput(ModelConfigChange, input);

  return commit(db, { organizationId, actor: world.actor, expectedRevision }, async (tx, snapshot) => {
    const present = await lockedConfig(tx, { organizationId, id });
    const before = stateOf(present);
    const after: ConfigState = { ...before, ...definedFields({ ...rest, ...checked(settings, world, present) }) };
    if (isDeepStrictEqual(before, after)) return { unchanged: present };

    const becomesDefault = after.isDefault && !before.isDefault;
    if (after.isDefault && !after.isEnabled)
      throw new DefaultConfigError(becomesDefault ? neverDefault : neverDisabled);
    if (becomesDefault) refuseUnusableDefault(snapshot, world, present);
    if (after.providerKeyId !== null && after.providerKeyId !== before.providerKeyId) {
      await refuseUnusableKey(tx, present, after.providerKeyId);
    }

    // A new default replaces another one: the ledger entry has both.
    const formerId = becomesDefault ? await findDefaultId(tx, present) : null;
    return {
      action: 'MODEL_CONFIG_UPDATED',
      subjectId: id,
      before: { ...ledgerStateOf(present, before), ...(formerId ? { defaultConfigId: formerId } : {}) },
      after: { ...ledgerStateOf(present, after), ...(formerId ? { defaultConfigId: id } : {}) },
      apply: async ({ at }) => {
        if (formerId) await clearDefault(tx, present, at);
        return onlyRow(
          await tx.query<ModelConfig>`
            UPDATE public."ModelConfig" c SET ${assignmentsOf({ ...after, updatedAt: at })}
            WHERE c."organizationId" = ${organizationId} AND c."id" = ${id} RETURNING ${wholeModelConfig}`,
        );
      },
    };
  });
}

const neverDisabled = 'The default cannot be disabled; make another configuration the default first';
const neverDefault = 'A configuration that is disabled cannot become the default';

function checked(settings: unknown, { catalog }: ConfigChangeContext, config: ModelConfig): Partial<ConfigState> {
  if (settings === undefined) return {};
  return { settings: parseSettings(settings, modelOf(catalog, config)?.maxOutputTokens ?? null) };
}

/**
 * Deletes a configuration; if it was the default, there is none afterwards.
 * @throws NotFoundError, RevisionConflictError, ValidationError
 */
export async function deleteModelConfig(
  db: Database,
  { actor }: Pick<ConfigChangeContext, 'actor'>,
  { id, organizationId }: Pick<ModelConfig, 'id' | 'organizationId'>,
  input: unknown,
): Promise<ModelConfig> {
  const { expectedRevision: expected } = parseInput(z.object({ expectedRevision }), input);

  return commit(db, { organizationId, actor, expectedRevision: expected }, async (tx) => {
    const present = await lockedConfig(tx, { organizationId, id });
    return {
      action: 'MODEL_CONFIG_DELETED',
      subjectId: id,
      before: ledgerStateOf(present, stateOf(present)),
      after: null,
      apply: async () =>
        onlyRow(
          await tx.query<ModelConfig>`
            DELETE FROM public."ModelConfig" c WHERE c."organizationId" = ${organizationId} AND c."id" = ${id}
            RETURNING ${wholeModelConfig}`,
        ),
    };
  });
}
