import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { may } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import { withLoaded } from '../domain/reading/loader.ts';
import { organizationIdOf } from '../domain/settings/model-settings.ts';
import { selects } from './selection.ts';

/** The key of an object; `typename` is '' where no object can have the id. */
export interface NodeKey {
  typename: string;
  id: string;
}

type Found = object | null;

/** Whether the settings, which are read only on demand, are selected. */
interface Wanted {
  hasSettings: boolean;
}

/**
 * Reads an object of each type by its id. It is searched only where the viewer may see it: so the lookup of a foreign object
 * takes as long as that of one that does not exist. Objects of one type are read in one statement.
 */
const readers: Readonly<Record<string, (id: string, context: Context, wanted: Wanted) => Found | Promise<Found>>> = {
  Organization: (id, context) => (mayRead(id, context) ? context.organizations.load(id) : null),
  OrganizationModelSettings: (id, context) => {
    const organizationId = organizationIdOf(id);
    return mayRead(organizationId, context) ? context.states.load(organizationId) : null;
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
 * Objects of any types, in the order of the keys; null for one that does not exist. They are loaded with what the field
 * selects. The field hides those that are not `visible`.
 */
export function findNodes(keys: readonly NodeKey[], context: Context, field: GraphQLResolveInfo): Promise<Found[]> {
  const wanted = { hasSettings: selects(field, 'settings') };
  return Promise.all(
    keys.map(({ typename, id }) =>
      withLoaded(readers[typename]?.(id, context, wanted) ?? null, (node) => branded(node, typename)),
    ),
  );
}

/** Sets the brand, which `resolveType` reads. */
function branded(node: Found, typename: string): Found {
  if (node !== null) brandWithType(node, typename as never);
  return node;
}
