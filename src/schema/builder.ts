import SchemaBuilder from '@pothos/core';
import ErrorsPlugin from '@pothos/plugin-errors';
import PrismaPlugin from '@pothos/plugin-prisma';
import RelayPlugin from '@pothos/plugin-relay';
import ScopeAuthPlugin from '@pothos/plugin-scope-auth';
import WithInputPlugin from '@pothos/plugin-with-input';
import type { Context } from '../context.ts';
import type PrismaTypes from '../database/generated/pothos-types.ts';
import { getDatamodel } from '../database/generated/pothos-types.ts';
import { decodeId } from './id.ts';
import { type AuthScopes, authScopes } from './plugins/auth-scopes.ts';
import { toDenial } from './plugins/denial.ts';
import { longIdPlugin } from './plugins/long-id-plugin.ts';
import { mutationPlugin } from './plugins/mutation-plugin.ts';
import { relayDescriptions } from './plugins/relay-descriptions.ts';
import { visibilityPlugin } from './plugins/visibility-plugin.ts';

/** The builder of all types and fields. It defines none itself, and needs neither a database nor an environment. */
export const builder = new SchemaBuilder<{
  AuthScopes: AuthScopes;
  Connection: { totalCount: () => Promise<number> | number };
  Context: Context;
  DefaultFieldNullability: false;
  PrismaTypes: PrismaTypes;
  Scalars: {
    _Any: { Input: unknown; Output: unknown };
    BigInt: { Input: bigint; Output: bigint };
    DateTime: { Input: Date; Output: Date };
    Decimal: { Input: string; Output: string };
    ID: { Input: string; Output: string };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
  };
}>({
  // A plugin wraps those after it. With Errors before ScopeAuth, a denial can be a member of a mutation's result.
  plugins: [
    visibilityPlugin,
    RelayPlugin,
    ErrorsPlugin,
    mutationPlugin,
    longIdPlugin,
    ScopeAuthPlugin,
    WithInputPlugin,
    PrismaPlugin,
  ],
  defaultFieldNullability: false,
  errors: { directResult: true },
  prisma: {
    // Prisma's types are used, its client is not: that takes no signal.
    client: () => {
      throw new Error('A field is to be read by a loader');
    },
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: 'error',
  },
  relay: {
    encodeGlobalID: (_typename, id) => String(id),
    decodeGlobalID: decodeId,
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    ...relayDescriptions,
  },
  scopeAuth: {
    authScopes,
    authorizeOnSubscribe: true,
    treatErrorsAsUnauthorized: true,
    unauthorizedError: (_, _context, _info, { failure }) => toDenial(failure),
  },
});
