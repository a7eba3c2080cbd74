import { permanentTag, type Tag } from '../cache/tags.ts';
import type { Role as DatabaseRole } from '../database/generated/prisma/enums.ts';
import type { Database } from '../database/pool/client.ts';
import type { ApiKeyScope } from '../domain/keys/api-key.ts';
import type { PlatformKeyScope } from '../domain/keys/platform-key.ts';
import type { Actor } from '../domain/ledger/ledger-entry.ts';
import {
  reauthorizeApiKey,
  reauthorizeMember,
  reauthorizePlatformKey,
  refuseDeactivated,
} from '../domain/ledger/reauthorize.ts';

export type Role = DatabaseRole;

/** A service, authenticated by an API key or a platform key. */
export type Service = {
  /** The id of the key. */
  keyId: string;
  /**
   * The organizations that it has access to: that of its API key; or the one that the request of a platform key names, and those
   * that the request itself has created. An organization that does not exist is not among them.
   */
  organizationIds: readonly string[];
} & (
  | { key: 'API'; scopes: readonly ApiKeyScope[] }
  | {
      key: 'PLATFORM';
      scopes: readonly PlatformKeyScope[];
      /** Whether the request names an organization. */
      namesOrganization: boolean;
    }
);

/** The authenticated caller. Never null: an anonymous caller is a viewer without memberships. */
export interface Viewer {
  kind: 'ANONYMOUS' | 'USER' | 'SERVICE';
  userId: string | null;
  /** The issuer of the user's token. */
  issuer: string | null;
  /** The e-mail address of the user that its issuer has verified. */
  verifiedEmail: string | null;
  /** The subject of whoever acts as the user, as the token names it. */
  impersonatedBy: string | null;
  /** The user's roles, by the ids of the organizations that it has access to. */
  memberships: ReadonlyMap<string, Role>;
  /** The organization that the token names: the viewer has access to that one alone. Null where it names none. */
  organizationFromToken: string | null;
  /** Whether the role comes from the token. Then changes are not reauthorized against the database. */
  membershipFromToken: boolean;
  /** How long, in ms, the credentials remain valid; infinite where they do not expire. */
  validForMs: number;
  service: Service | null;
  /** What the viewer has done in this request by what organizations delegate to their admins: `organizationId permission`. */
  delegated?: Set<string>;
  /** The cache tag of the user or the key. It is invalidated when its row, or a membership of the user, changes. */
  tag: Tag;
  /** The viewer's part of cache keys: its id, with the organization and role where the token or the request names them. */
  key: string;
}

export const anonymous: Viewer = {
  kind: 'ANONYMOUS',
  userId: null,
  issuer: null,
  verifiedEmail: null,
  impersonatedBy: null,
  memberships: new Map(),
  organizationFromToken: null,
  membershipFromToken: false,
  validForMs: Number.POSITIVE_INFINITY,
  service: null,
  tag: permanentTag,
  key: '',
};

/** The id of the user or the key of a service; null for an anonymous viewer. */
export function viewerIdOf({ userId, service }: Viewer): string | null {
  return userId ?? service?.keyId ?? null;
}

/** The id of the service's API key; null for all other viewers. */
export function apiKeyIdOf({ service }: Viewer): string | null {
  return service?.key === 'API' ? service.keyId : null;
}

/** The id of the service's platform key; null for all other viewers. */
export function platformKeyIdOf({ service }: Viewer): string | null {
  return service?.key === 'PLATFORM' ? service.keyId : null;
}

/** The organizations that the viewer has access to. */
export function organizationIdsOf({ memberships, service }: Viewer): string[] {
  return service ? [...service.organizationIds] : [...memberships.keys()];
}

/** Adds a membership that the request itself has created, for the rest of the request. */
export function addMembership(viewer: Viewer, organizationId: string, role: Role): void {
  viewer.memberships = new Map([...viewer.memberships, [organizationId, role]]);
}

/** Gives a platform key access to an organization that the request itself has created, for the rest of the request. */
export function addOrganization(viewer: Viewer, organizationId: string): void {
  const { service } = viewer;
  if (service) viewer.service = { ...service, organizationIds: [...service.organizationIds, organizationId] };
}

/** The viewer as the actor of ledger entries. `invalidate` is called with the ids that a change is about to write. */
export function actorOf(
  { userId, impersonatedBy, memberships, membershipFromToken, service }: Viewer,
  invalidate: Actor['invalidate'],
): Actor {
  const memberIn = (organizationId: string) => {
    const role = memberships.get(organizationId);
    return userId !== null && role !== undefined && !membershipFromToken ? { organizationId, userId, role } : undefined;
  };
  return {
    userId,
    apiKeyId: service?.key === 'API' ? service.keyId : null,
    ...(service?.key === 'PLATFORM' ? { platformKeyId: service.keyId } : {}),
    impersonatedBy,
    invalidate,
    reauthorize: async (tx, organizationId) => {
      if (service) return reauthorizeService(tx, service);
      const member = memberIn(organizationId);
      if (member) await reauthorizeMember(tx, member);
    },
    roleIn: (organizationId) => memberIn(organizationId)?.role ?? null,
  };
}

/**
 * Reauthorizes whoever follows an organization, as the actor of a change is: there the statement of the change asks the directory.
 * @throws UserError
 */
export async function reauthorizeFollower(db: Database, viewer: Viewer, organizationId: string): Promise<void> {
  await actorOf(viewer, () => {}).reauthorize(db, organizationId);
  if (viewer.userId !== null) await refuseDeactivated(db, organizationId, viewer.userId);
}

function reauthorizeService(tx: Database, { key, keyId }: Service): Promise<void> {
  return key === 'API' ? reauthorizeApiKey(tx, keyId) : reauthorizePlatformKey(tx, keyId);
}
