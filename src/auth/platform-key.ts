import { TaggedCache } from '../cache/tagged-cache.ts';
import type { Tags } from '../cache/tags.ts';
import { type Database, withSignal } from '../database/pool/client.ts';
import { coalesceFor } from '../database/pool/coalesce.ts';
import type { Signal } from '../database/pool/signal.ts';
import { idsOf } from '../domain/input/id.ts';
import { findPlatformKeyByHash, type PlatformKey, platformKeyScopes } from '../domain/keys/platform-key.ts';
import { hashOfPlatformKeyToken } from '../domain/keys/platform-key-token.ts';
import { findOrganizationIds } from '../domain/organizations/organization.ts';
import { type ActiveKey, type AuthenticatorOptions, createServiceKeys, validForMs } from './service-key.ts';
import { anonymous, type Viewer } from './viewer.ts';

/** Authenticates services by platform keys. Each viewer acts in the organization that its request names, if any. */
export interface PlatformKeyAuthenticator {
  /** The viewer from the cache; undefined where the key or the organization is not cached, or the key is not active. */
  find: (token: string, organizationId: string | null, now: Date) => Viewer | undefined;
  /**
   * Whether there is such an organization is found out here: the viewer has no access to one that does not exist.
   * @throws UnauthenticatedError
   */
  authenticate: (token: string, organizationId: string | null, now: Date, signal?: Signal) => Promise<Viewer>;
  /** As `Sessions.actIn`. */
  actIn: (viewer: Viewer, organizationId: string, signal?: Signal) => void | Promise<void>;
}

export function createPlatformKeyAuthenticator(options: AuthenticatorOptions): PlatformKeyAuthenticator {
  const keys = createServiceKeys(options, {
    name: 'platform key',
    fault: 'PLATFORM_KEY',
    hashOf: hashOfPlatformKeyToken,
    findByHash: findPlatformKeyByHash,
  });
  const organizations = createKnownOrganizations(options);
  return {
    find: (token, organizationId, now) => {
      const found = keys.find(token, now);
      if (!found || (organizationId !== null && !organizations.has(organizationId))) return undefined;
      return viewerOf(found, organizationId, organizationId === null ? [] : [organizationId], now);
    },
    authenticate: async (token, organizationId, now, signal) => {
      const found = keys.find(token, now) ?? (await keys.read(token, now, signal));
      const exists = organizationId !== null && (await organizations.find(organizationId, signal));
      return viewerOf(found, organizationId, exists ? [organizationId] : [], now);
    },
    actIn: (viewer, organizationId, signal) => {
      const { service } = viewer;
      if (service?.key !== 'PLATFORM' || service.namesOrganization) return undefined;
      const act = (exists: boolean) => {
        const organizationIds = exists ? [organizationId] : [];
        viewer.service = { ...service, namesOrganization: true, organizationIds };
        viewer.key = keyOf(service.keyId, organizationIds);
      };
      return organizations.has(organizationId) ? act(true) : organizations.find(organizationId, signal).then(act);
    },
  };
}

const findExisting = coalesceFor(async (db, ids: readonly string[]) => {
  const existing = new Set(await findOrganizationIds(db, ids));
  return ids.map((id) => existing.has(id));
});

/** Whatever else a request names is no organization: nothing is cached under it, nor is it looked up. */
const isOrganizationId = (text: string) => idsOf('org', [text]).length > 0;

/** Which organizations there are, each cached under its tag. That there is none of an id is not cached. */
function createKnownOrganizations({ db, tags }: { db: Database; tags: Tags }) {
  const known = new TaggedCache<true>();
  const has = (id: string) => isOrganizationId(id) && known.get(tags.take(id)) === true;
  return {
    has,
    find: async (id: string, signal: Signal | undefined): Promise<boolean> => {
      if (!isOrganizationId(id)) return false;
      if (has(id)) return true;
      const tag = tags.take(id);
      const [exists = false] = await findExisting(withSignal(db, signal), [id]);
      if (exists) known.set(tag, true);
      return exists;
    },
  };
}

function viewerOf(
  { key, tag }: ActiveKey<PlatformKey>,
  named: string | null,
  organizationIds: readonly string[],
  now: Date,
): Viewer {
  const { id, scopes } = key;
  return {
    ...anonymous,
    kind: 'SERVICE',
    validForMs: validForMs(key, now),
    service: {
      key: 'PLATFORM',
      keyId: id,
      organizationIds,
      namesOrganization: named !== null,
      scopes: platformKeyScopes.filter((scope) => scopes.includes(scope)),
    },
    tag,
    key: keyOf(id, organizationIds),
  };
}

/** What a request names may be any text: only an organization that exists is part of the key. */
function keyOf(id: string, [organizationId]: readonly string[]): string {
  return organizationId === undefined ? id : `${id} ${organizationId}`;
}
