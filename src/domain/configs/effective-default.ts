import type { Model } from '../../catalog/model.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { indexOfDefault, preferredDefault } from '../../policy/default-chain.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import { type ModelConfig, modelOf } from './model-config.ts';
import { asRow, type ConfigKey, idsWithSettings, readShown } from './model-config-rows.ts';

/** The sources of a default, in the order of precedence. */
export const defaultSources = ['USER_CONFIG', 'ORGANIZATION_CONFIG', 'ORGANIZATION_SETTINGS'] as const;
export type DefaultSource = (typeof defaultSources)[number];

/** A candidate of the chain of defaults, with the decision on its model. */
export interface DefaultLink {
  source: DefaultSource;
  modelKey: string;
  config: ModelConfig | null;
  access: ModelAccess;
}

/** The default of a viewer in an organization, and the candidates before it that were skipped. */
export interface EffectiveDefault {
  model: Model | null;
  chosen: DefaultLink | null;
  skipped: readonly DefaultLink[];
}

/** The default configurations of an organization that apply to one viewer. */
export interface DefaultConfigs {
  own: ModelConfig | null;
  shared: ModelConfig | null;
}

/** The first candidate that is allowed, enabled and a chat model; those before it are skipped, never changed. */
export function effectiveDefaultOf(decisions: Decisions, { own, shared }: DefaultConfigs): EffectiveDefault {
  const { defaultModelKey } = decisions.state;
  const ofConfig = (source: DefaultSource, config: ModelConfig): DefaultLink => ({
    source,
    modelKey: `${config.provider}/${config.modelId}`,
    config,
    access: decisions.evaluate(modelOf(decisions.catalog, config)),
  });
  const chain = [
    ...(own ? [ofConfig('USER_CONFIG', own)] : []),
    ...(shared ? [ofConfig('ORGANIZATION_CONFIG', shared)] : []),
    ...(defaultModelKey === null
      ? []
      : [
          {
            source: 'ORGANIZATION_SETTINGS' as const,
            modelKey: defaultModelKey,
            config: null,
            access: preferredDefault(decisions.evaluateName(defaultModelKey)) ?? decisions.evaluate(undefined),
          },
        ]),
  ];

  const index = indexOfDefault(chain);
  const chosen = chain[index] ?? null;
  return { chosen, model: chosen?.access.model ?? null, skipped: index === -1 ? chain : chain.slice(0, index) };
}

/** The shared default configuration of each organization, and the viewer's own there, in one statement. */
export async function findDefaultConfigs(
  db: Database,
  viewerId: string | null,
  keys: readonly ConfigKey[],
): Promise<DefaultConfigs[]> {
  const organizationIds = keys.map(({ id }) => id);
  const withSettings = idsWithSettings(keys);
  const hasSettings = withSettings.length > 0;
  const selected = Prisma.sql`
    SELECT ${asRow(hasSettings ? Prisma.sql`c."organizationId" = ANY(${withSettings}::text[])` : undefined)}
    FROM public."ModelConfig" c
    WHERE c."organizationId" = ANY(${organizationIds}::text[]) AND c."isDefault"
      AND (c."userId" IS NULL OR c."userId" = ${viewerId})`;
  const found = await readShown(db, selected, hasSettings);
  return organizationIds.map((organizationId) => {
    const ofOrganization = found.filter((row) => row.organizationId === organizationId);
    return {
      own: ofOrganization.find(({ userId }) => userId !== null) ?? null,
      shared: ofOrganization.find(({ userId }) => userId === null) ?? null,
    };
  });
}
