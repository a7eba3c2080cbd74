import { brandWithType } from '@pothos/core';
import { resolveNodes } from '@pothos/plugin-relay';
import type { GraphQLResolveInfo } from 'graphql';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { builder } from './builder.ts';
import { ModelConfig } from './model-config.ts';
import { refusalOf } from './refusal.ts';

/** Which object is meant; `typename` is '' where there can be none. */
export interface NodeKey {
  typename: string;
  id: string;
}

/** The objects that the viewer may see, those of one type in one batch; a hidden one and an absent one are both null. */
export async function findVisible(keys: readonly NodeKey[], context: Context, info: GraphQLResolveInfo) {
  const [configs, others] = await Promise.all([
    Promise.all(keys.map((key) => (isConfig(key) ? context.configs.byId.load(key.id) : null))),
    resolveOthers(keys, context, info),
  ]);
  return Promise.all(
    keys.map(async ({ typename }, index) => {
      const config = configs[index];
      if (config) brandWithType(config, ModelConfig);
      const node = config ?? others[index];
      return (await isVisible(node, typename, context)) ? node : null;
    }),
  );
}

function isConfig({ typename }: NodeKey): boolean {
  return typename === ModelConfig.name;
}

/** What Pothos loads by itself. */
async function resolveOthers(keys: readonly NodeKey[], context: Context, info: GraphQLResolveInfo) {
  const known = keys.map((key) => (key.typename === '' || isConfig(key) ? null : key));
  return known.some((key) => key !== null) ? Promise.all(await resolveNodes(builder, context, info, known)) : [];
}

/** Asks the scopes that stand on the type, the one place that says who may see an object. */
async function isVisible(node: unknown, typename: string, context: Context): Promise<boolean> {
  if (node === null || node === undefined) return false;

  const { authScopes } = builder.configStore.getTypeConfig(typename, 'Object').pothosOptions;
  if (authScopes === undefined) return true;
  try {
    const scopes = typeof authScopes === 'function' ? await authScopes(node as never, context) : authScopes;
    if (typeof scopes === 'boolean') return scopes;
    await builder.runAuthScopes(context, scopes, ({ failure }) => refusalOf(failure));
    return true;
  } catch (error) {
    if (error instanceof UserError && error.code !== 'SERVICE_UNAVAILABLE') return false;
    throw error;
  }
}
