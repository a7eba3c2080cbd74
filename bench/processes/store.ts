import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Model, modelsByKey, readModels, reasonsAgainst, type Settings, todayOf } from './decision.ts';
import { variable } from './listen.ts';
import { inTransaction, statements } from './statements.ts';

interface SettingsRow extends Settings {
  revision: number;
  updatedAt: Date | null;
}

interface ConfigRow {
  id: string;
  provider: string;
  modelId: string;
  isEnabled: boolean;
  createdAt: Date;
}

const pageSize = 50;

/** What an engineer would write by hand, for those who answer without a framework for data: `pg`, prepared statements. */
export function openStore() {
  const pool = new pg.Pool({ connectionString: variable('DATABASE_URL'), max: 10 });
  const byKey = modelsByKey(readModels(variable('CATALOG')));

  const settings = async (organizationId: string): Promise<SettingsRow> => {
    const { rows } = await pool.query<SettingsRow>({ ...statements.settings, values: [organizationId] });
    if (!rows[0]) throw new Error(`There is no ${organizationId}`);
    return rows[0];
  };

  const access = async (organizationId: string, modelKey: string) =>
    decide(await settings(organizationId), byKey.get(modelKey));

  const page = async (organizationId: string) => {
    const { rows } = await pool.query<ConfigRow>({ ...statements.configs, values: [organizationId, pageSize + 1] });
    const nodes = rows.slice(0, pageSize);
    const last = nodes.at(-1);
    const endCursor = last ? Buffer.from(`${last.createdAt.toISOString()} ${last.id}`).toString('base64url') : null;
    return { nodes, pageInfo: { hasNextPage: rows.length > pageSize, endCursor } };
  };

  const configs = async (organizationId: string) => {
    const { nodes, pageInfo } = await page(organizationId);
    return { edges: nodes.map(({ createdAt: _, ...node }) => ({ node })), pageInfo };
  };

  const configsDeep = async (organizationId: string) => {
    const [{ nodes, pageInfo }, { rows }] = await Promise.all([
      page(organizationId),
      pool.query<SettingsRow & { keyProviders: string[] }>({ ...statements.policy, values: [organizationId] }),
    ]);
    const policy = rows[0];
    if (!policy) throw new Error(`There is no ${organizationId}`);
    const edges = nodes.map(({ createdAt: _, ...config }) => {
      const model = byKey.get(`${config.provider}/${config.modelId}`);
      const shown = model ? { displayName: model.displayName, contextWindow: model.contextWindow } : null;
      const keyStatus = policy.keyProviders.includes(config.provider) ? 'CUSTOM' : 'NEEDS_SETUP';
      return { node: { ...config, model: shown, access: { allowed: decide(policy, model).allowed }, keyStatus } };
    });
    return { edges, pageInfo };
  };

  const entities = async (ids: readonly string[]) => {
    const { rows } = await pool.query<Omit<ConfigRow, 'createdAt'>>({ ...statements.entities, values: [ids] });
    return rows;
  };

  /** As the ledger does it: under the organization's lock, with a new revision and its entry. */
  const update = (organizationId: string, disabledModels: string[]) =>
    inTransaction(pool, async (client) => {
      const { rows } = await client.query<SettingsRow>({ ...statements.lock, values: [organizationId] });
      const present = rows[0];
      if (!present) throw new Error(`There is no ${organizationId}`);
      const { revision: _, updatedAt: __, ...before } = present;
      const after = { ...before, disabledModels };
      const { rows: advanced } = await client.query({ ...statements.advance, values: [organizationId] });
      const { revision, at } = advanced[0];
      await client.query({
        ...statements.upsert,
        values: [organizationId, after.disabledProviders, disabledModels, after.defaultModelKey, at],
      });
      await client.query({
        ...statements.entry,
        values: [`rev_${randomUUID()}`, organizationId, revision, at, before, after],
      });
      return { disabledModels, revision };
    });

  return { settings, access, configs, configsDeep, entities, update };
}

function decide(settings: SettingsRow, model: Model | undefined) {
  const reasons = reasonsAgainst(settings, model, todayOf(new Date()));
  return { allowed: reasons.length === 0, reasons, primaryReason: reasons[0] ?? null, revision: settings.revision };
}
