import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import type { ModelConfig } from './model-config.ts';
import { asRow, readShown } from './model-config-rows.ts';

/** A model in an organization whose configuration is asked for. */
export interface UsableConfigKey {
  organizationId: string;
  provider: string;
  modelId: string;
  /** Whether the viewer's own configurations count, before the shared ones. */
  hasOwn: boolean;
  hasSettings: boolean;
}

/** Of each model the enabled configuration to use: a default before others, then the oldest; null where there is none. One statement. */
export async function findUsableConfigs(
  db: Database,
  viewerId: string | null,
  keys: readonly UsableConfigKey[],
): Promise<(ModelConfig | null)[]> {
  const hasSettings = keys.some((key) => key.hasSettings);
  const selected = Prisma.sql`
    SELECT c.* FROM jsonb_to_recordset(${JSON.stringify(keys)}::jsonb)
      AS k("organizationId" text, "provider" text, "modelId" text, "hasOwn" boolean, "hasSettings" boolean)
    CROSS JOIN LATERAL (
      SELECT ${asRow(hasSettings ? Prisma.sql`k."hasSettings"` : undefined)}
      FROM public."ModelConfig" c
      WHERE c."organizationId" = k."organizationId" AND c."provider" = k."provider" AND c."modelId" = k."modelId"
        AND c."isEnabled" AND (c."userId" IS NULL OR (k."hasOwn" AND c."userId" = ${viewerId}))
      ORDER BY c."userId" IS NULL, c."isDefault" DESC, c."createdAt", c."id" LIMIT 1) c`;
  const found = await readShown(db, selected, hasSettings);
  return keys.map((key) => {
    const fitting = found.filter(
      (config) =>
        config.organizationId === key.organizationId &&
        config.provider === key.provider &&
        config.modelId === key.modelId &&
        (key.hasOwn || config.userId === null),
    );
    return fitting.find(({ userId }) => userId !== null) ?? fitting[0] ?? null;
  });
}
