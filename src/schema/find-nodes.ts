import { brandWithType } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { may } from '../auth/permissions.ts';
import type { Context } from '../context.ts';
import type { Member, MemberKey } from '../domain/organizations/membership.ts';
import { organizationIdOf } from '../domain/settings/model-settings.ts';
import { selects } from './selection.ts';

/**
 * The key of an object; `typename` is '' where no object can have the id. A membership has no id: its key is the ids of the
 * organization and of the user, with a blank between.
 */
export interface NodeKey {
  typename: string;
  id: string;
}

type Found = object | null;

/** Whether the settings, which are read only on demand, are selected. */
interface Wanted {
  hasSettings: boolean;
}

/** Reads objects of one type by their ids, in the order of these. */
type Reader = (
  ids: readonly string[],
  context: Context,
  wanted: Wanted,
) => readonly Found[] | Promise<readonly Found[]>;

/** Reads each id by itself, for loaders that batch. */
const each = (read: (id: string, context: Context) => Found | Promise<Found>): Reader => {
  return (ids, context) => Promise.all(ids.map((id) => read(id, context)));
};

/**
 * Reads objects of each type. They are searched only where the viewer may see them: so the lookup of a foreign object takes as
 * long as that of one that does not exist. Objects of one type are read in one statement.
 */
const readers: Readonly<Record<string, Reader>> = {
  Organization: each((id, context) => (mayRead(id, context) ? context.organizations.load(id) : null)),
  OrganizationModelSettings: each((id, context) => {
    const organizationId = organizationIdOf(id);
    return mayRead(organizationId, context) ? context.states.load(organizationId) : null;
  }),
  User: each((id, { knownUsers }) => knownUsers.load(id)),
  Membership: each((id, context) => {
    const [organizationId = '', userId = ''] = id.split(' ');
    return mayRead(organizationId, context) ? findMembership({ organizationId, userId }, context) : null;
  }),
  Model: (ids, { catalog }) => ids.map((id) => catalog.byId(id) ?? null),
  ModelConfig: (ids, { configs }, { hasSettings }) => configs.byIds.load(ids.map((id) => ({ id, hasSettings }))),
  ProviderKey: each((id, { providerKeys }) => providerKeys.byId.load(id)),
  ApiKey: each((id, { apiKeys }) => apiKeys.byId.load(id)),
  Revision: each((id, { revisionsById }) => revisionsById.load(id)),
  Team: each((id, { teams }) => teams.byId.load(id)),
  ModelException: each((id, { exceptions }) => exceptions.byId.load(id)),
  Invitation: each((id, { invitationsById }) => invitationsById.load(id)),
};

function mayRead(organizationId: string, { viewer }: Context): boolean {
  return may(viewer, 'readOrganization', organizationId);
}

/** The caller's own is the one that it acts by: a token may give it another role than the database has, or the only one. */
function findMembership(key: MemberKey, { viewer, membersByKey }: Context): Member | null | Promise<Member | null> {
  const role = key.userId === viewer.userId ? viewer.memberships.get(key.organizationId) : undefined;
  return role === undefined ? membersByKey.load(key) : { ...key, role };
}

/**
 * Objects of any types, in the order of the keys; null for one that does not exist. They are loaded with what the field
 * selects. The field hides those that are not `visible`.
 */
export async function findNodes(
  keys: readonly NodeKey[],
  context: Context,
  field: GraphQLResolveInfo,
): Promise<Found[]> {
  const wanted = { hasSettings: selects(field, 'settings') };
  const found: Found[] = keys.map(() => null);
  const readType = async (typename: string) => {
    const places = [...keys.keys()].filter((place) => keys[place]?.typename === typename);
    const nodes = await readers[typename]?.(
      places.map((place) => keys[place]?.id ?? ''),
      context,
      wanted,
    );
    for (const [index, place] of places.entries()) found[place] = branded(nodes?.[index] ?? null, typename);
  };
  await Promise.all(Array.from(new Set(keys.map(({ typename }) => typename)), readType));
  return found;
}

/** Sets the brand, which `resolveType` reads. */
function branded(node: Found, typename: string): Found {
  if (node !== null) brandWithType(node, typename as never);
  return node;
}
