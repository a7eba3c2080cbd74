import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { may } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { organizationIdOf } from '../domain/model-settings.ts';
import { UserError } from '../errors.ts';
import { builder } from './builder.ts';
import { refusalOf } from './refusal.ts';
import { selects } from './selection.ts';

/** Which object is meant; `typename` is '' where there can be none. */
export interface NodeKey {
  typename: string;
  id: string;
}

type Found = object | null;

/** What is selected of the objects, as far as it is read only then. */
interface Wanted {
  hasSettings: boolean;
}

/**
 * How an object of each type is read by its id. It is looked for only where the viewer may see it, so that one of others takes
 * the same way as one that does not exist, in the same time; those of one type are read in one statement.
 */
const readers: Readonly<Record<string, (id: string, context: Context, wanted: Wanted) => Found | Promise<Found>>> = {
  Organization: (id, context) => (mayRead(id, context) ? context.organizations.load(id) : null),
  OrganizationModelSettings: (id, context) => {
    const organizationId = organizationIdOf(id);
    return mayRead(organizationId, context) ? context.snapshots.load(organizationId) : null;
  },
  User: (id, { knownUsers }) => knownUsers.load(id),
  Model: (id, { catalog }) => catalog.byId(id) ?? null,
  ModelConfig: (id, { configs }, { hasSettings }) => configs.byId.load({ id, hasSettings }),
  ProviderKey: (id, { providerKeys }) => providerKeys.byId.load(id),
  ApiKey: (id, { apiKeys }) => apiKeys.byId.load(id),
  Revision: (id, { revisionsById }) => revisionsById.load(id),
  Invitation: (id, { invitationsById }) => invitationsById.load(id),
};

function mayRead(organizationId: string, { viewer }: Context): boolean {
  return may(viewer, 'readOrganization', organizationId);
}

/**
 * The objects that the viewer may see, in the order of the keys; a hidden one and an absent one are both null. They have what
 * the field selects.
 */
export function findVisible(keys: readonly NodeKey[], context: Context, field: GraphQLResolveInfo): Promise<Found[]> {
  const wanted = { hasSettings: selects(field, 'settings') };
  return Promise.all(
    keys.map(async ({ typename, id }) => {
      const node = (await readers[typename]?.(id, context, wanted)) ?? null;
      if (node === null || !(await isVisible(node, typename, context))) return null;
      brandWithType(node, typename as never);
      return node;
    }),
  );
}

/** Asks the scopes that stand on the type, the one place that says who may see an object. */
async function isVisible(node: object, typename: string, context: Context): Promise<boolean> {
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
