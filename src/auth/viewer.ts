import { permanentTag, type Tag } from '../cache/tags.ts';
import type { Role as DatabaseRole } from '../database/generated/prisma/enums.ts';
import type { ApiKeyScope } from '../domain/keys/api-key.ts';
import type { Actor } from '../domain/ledger/ledger-entry.ts';
import { reauthorizeApiKey, reauthorizeMember } from '../domain/ledger/reauthorize.ts';

export type Role = DatabaseRole;

/** A service, by the API key that it shows: it acts in the key's one organization. */
export interface Service {
  apiKeyId: string;
  organizationId: string;
  scopes: readonly ApiKeyScope[];
}

/** Who asks. Never null: an anonymous caller is a viewer without memberships. */
export interface Viewer {
  kind: 'ANONYMOUS' | 'USER' | 'SERVICE';
  userId: string | null;
  /** The user's role in each organization it may enter, by the organization's id. */
  memberships: ReadonlyMap<string, Role>;
  /** Whether the token itself says where the user is in, so that the database is not asked. */
  membershipFromToken: boolean;
  /** How long, in ms, what the viewer showed still holds; infinite for what does not end. */
  validForMs: number;
  service: Service | null;
  /** Current as long as what is said here of a user or a service holds, but for what its token says itself. */
  tag: Tag;
  /** The same for those alone who may see and do the same: it names who asks, and the place that the token gives it. */
  key: string;
}

export const anonymous: Viewer = {
  kind: 'ANONYMOUS',
  userId: null,
  memberships: new Map(),
  membershipFromToken: false,
  validForMs: Number.POSITIVE_INFINITY,
  service: null,
  tag: permanentTag,
  key: '',
};

/** The id of the user or the API key; null for a stranger. */
export function viewerIdOf({ userId, service }: Viewer): string | null {
  return userId ?? service?.apiKeyId ?? null;
}

/** The organizations that the viewer may enter. */
export function organizationIdsOf({ memberships, service }: Viewer): string[] {
  return service ? [service.organizationId] : [...memberships.keys()];
}

/** The viewer has become a member by what it asks, and is one for the rest of its request. */
export function addMembership(viewer: Viewer, organizationId: string, role: Role): void {
  viewer.memberships = new Map([...viewer.memberships, [organizationId, role]]);
}

/** The viewer as the ledger names it; `invalidate` is called with what it is about to change. */
export function actorOf(
  { userId, memberships, membershipFromToken, service }: Viewer,
  invalidate: Actor['invalidate'],
): Actor {
  const memberIn = (organizationId: string) => {
    const role = memberships.get(organizationId);
    return userId !== null && role !== undefined && !membershipFromToken ? { organizationId, userId, role } : undefined;
  };
  return {
    userId,
    apiKeyId: service?.apiKeyId ?? null,
    invalidate,
    reauthorize: async (tx, organizationId) => {
      if (service) return reauthorizeApiKey(tx, service.apiKeyId);
      const member = memberIn(organizationId);
      if (member) await reauthorizeMember(tx, member);
    },
    roleIn: (organizationId) => memberIn(organizationId)?.role ?? null,
  };
}
