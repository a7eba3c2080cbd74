import type { Context } from '../context.ts';
import { ForbiddenError, NotFoundError, UnauthenticatedError } from '../errors.ts';
import { type Permission, refusal } from './permissions.ts';
import { organizationIdsOf, type Viewer } from './viewer.ts';

/** What a field or a type may ask of the viewer: a permission in an organization, or one of the scopes below. */
export type AuthScopes = Record<Permission, string> & {
  /** Someone is signed in. */
  signedIn: true;
  /** A user is signed in; no API key is enough. */
  person: true;
  /** The viewer is this user, or shares an organization, or the ledger of one, with it. */
  knowsUser: string;
  /** The viewer is this user. */
  self: string;
  /** The viewer may change the configuration with this id; one that it may not see does not exist for it. */
  writesConfig: string;
  /** The viewer may change the provider key with this id. */
  managesProviderKey: string;
  /** The viewer may be given the plaintext of the provider key with this id. */
  usesProviderKey: string;
  /** The viewer may change the API key with this id. */
  managesApiKey: string;
};

/**
 * The scopes of one request. A scope throws its refusal, so that the client is told which one it was. Each is named: an object
 * that is put together from the table takes longer than most answers.
 */
export function authScopes({ viewer, knownUsers, configs, providerKeys, apiKeys }: Context) {
  return {
    readOrganization: permissionIn(viewer, 'readOrganization'),
    readRevisions: permissionIn(viewer, 'readRevisions'),
    updateModelSettings: permissionIn(viewer, 'updateModelSettings'),
    writeOrganizationConfigs: permissionIn(viewer, 'writeOrganizationConfigs'),
    writeOwnConfigs: permissionIn(viewer, 'writeOwnConfigs'),
    manageProviderKeys: permissionIn(viewer, 'manageProviderKeys'),
    useProviderKeys: permissionIn(viewer, 'useProviderKeys'),
    recordUsage: permissionIn(viewer, 'recordUsage'),
    manageApiKeys: permissionIn(viewer, 'manageApiKeys'),
    manageMembers: permissionIn(viewer, 'manageMembers'),
    signedIn: () => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      return true;
    },
    person: () => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      if (viewer.service) throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', 'No API key may perform this action');
      return true;
    },
    knowsUser: async (userId: string) => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      // People are read by those who may read, as everything else in an organization.
      if (viewer.service && !viewer.service.scopes.includes('read')) throw new NotFoundError();
      if (userId !== viewer.userId && (await knownUsers.load(userId)) === null) throw new NotFoundError();
      return true;
    },
    self: (userId: string) => {
      if (userId !== viewer.userId) throw new NotFoundError();
      return true;
    },
    writesConfig: async (id: string) => {
      if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
      const config = await configs.byId.load(id);
      if (!config || !seesConfig(viewer, config)) throw new NotFoundError();
      const refused = refusal(
        viewer,
        config.userId ? 'writeOwnConfigs' : 'writeOrganizationConfigs',
        config.organizationId,
      );
      if (refused) throw refused;
      return true;
    },
    managesProviderKey: permissionOn(viewer, 'manageProviderKeys', providerKeys.owners),
    usesProviderKey: permissionOn(viewer, 'useProviderKeys', providerKeys.owners),
    managesApiKey: permissionOn(viewer, 'manageApiKeys', apiKeys.owners),
  };
}

/** Whether the viewer may see a configuration: one that is shared in an organization that it may read, or its own there. */
export function seesConfig(
  viewer: Viewer,
  { organizationId, userId }: { organizationId: string; userId: string | null },
): boolean {
  return !refusal(viewer, 'readOrganization', organizationId) && (userId === null || userId === viewer.userId);
}

function permissionIn(viewer: Viewer, permission: Permission): (organizationId: string) => true {
  return (organizationId) => {
    const refused = refusal(viewer, permission, organizationId);
    if (refused) throw refused;
    return true;
  };
}

/** A permission in the organization of an object. A foreign object and an absent one are refused alike. */
function permissionOn(
  viewer: Viewer,
  permission: Permission,
  owners: { load: (id: string) => Promise<string | null> },
): (id: string) => Promise<true> {
  return async (id) => {
    if (viewer.kind === 'ANONYMOUS') throw new UnauthenticatedError();
    const organizationId = await owners.load(id);
    if (organizationId === null || !organizationIdsOf(viewer).includes(organizationId)) throw new NotFoundError();
    const refused = refusal(viewer, permission, organizationId);
    if (refused) throw refused;
    return true;
  };
}
