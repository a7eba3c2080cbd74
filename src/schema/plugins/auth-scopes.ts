import { RequestCache } from '@pothos/plugin-scope-auth';
import { authorizeIn } from '../../auth/delegation.ts';
import { authorizeCreation } from '../../auth/organization-creation.ts';
import { authenticate, authorize, type Permission, requireOrganization } from '../../auth/permissions.ts';
import type { Context } from '../../context.ts';
import { ForbiddenError, NotFoundError } from '../../errors/base.ts';

/** What a field may require of the viewer: a permission in an organization, or one of the scopes below. */
export type AuthScopes = Record<Permission, string> & {
  /** The viewer is authenticated. */
  signedIn: true;
  /** The viewer is a user; an API key is not sufficient. */
  person: true;
  /** The viewer is a user or a platform key that may create organizations. */
  createsOrganizations: true;
  /** The viewer may change the configuration with this id. One that is not visible to it counts as absent. */
  writesConfig: string;
  /** The viewer may change the provider key with this id. */
  managesProviderKey: string;
  /** The viewer may get the plaintext of the provider key with this id. */
  usesProviderKey: string;
  /** The viewer may change the API key with this id. */
  managesApiKey: string;
};

/** The scopes of one request. A scope throws its denial, so that the client gets the exact error. */
export function authScopes(context: Context): Scopes {
  return new Scopes(context);
}

/**
 * Clears the cached scopes of a request once it is answered. They would be collected with its context; but V8 keeps a context
 * in a WeakMap, and everything that it references, alive over several collections of young objects.
 */
export function forgetScopes(context: object): void {
  RequestCache.clearForContext(context);
}

/** Each scope is created on first use: a request needs one or two, and creating all takes longer than most answers. */
class Scopes {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  get readOrganization() {
    return permissionIn(this.#context, 'readOrganization');
  }

  get readRevisions() {
    return permissionIn(this.#context, 'readRevisions');
  }

  get readSubjects() {
    return permissionIn(this.#context, 'readSubjects');
  }

  get readPolicy() {
    return permissionIn(this.#context, 'readPolicy');
  }

  get updateModelSettings() {
    return permissionIn(this.#context, 'updateModelSettings');
  }

  get writeOrganizationConfigs() {
    return permissionIn(this.#context, 'writeOrganizationConfigs');
  }

  get writeOwnConfigs() {
    return permissionIn(this.#context, 'writeOwnConfigs');
  }

  get manageProviderKeys() {
    return permissionIn(this.#context, 'manageProviderKeys');
  }

  get useProviderKeys() {
    return permissionIn(this.#context, 'useProviderKeys');
  }

  get recordUsage() {
    return permissionIn(this.#context, 'recordUsage');
  }

  get manageApiKeys() {
    return permissionIn(this.#context, 'manageApiKeys');
  }

  get updateOrganization() {
    return permissionIn(this.#context, 'updateOrganization');
  }

  get manageMembers() {
    return permissionIn(this.#context, 'manageMembers');
  }

  get manageTeams() {
    return permissionIn(this.#context, 'manageTeams');
  }

  get manageDirectory() {
    return permissionIn(this.#context, 'manageDirectory');
  }

  get requestExceptions() {
    return permissionIn(this.#context, 'requestExceptions');
  }

  get manageExceptions() {
    return permissionIn(this.#context, 'manageExceptions');
  }

  get signedIn() {
    const { viewer } = this.#context;
    return () => authenticate(viewer);
  }

  get person() {
    const { viewer } = this.#context;
    return () => {
      authenticate(viewer);
      const message = `No ${viewer.service?.key === 'PLATFORM' ? 'platform' : 'API'} key may perform this action`;
      if (viewer.service) throw new ForbiddenError('INSUFFICIENT_PERMISSIONS', message);
      return true;
    };
  }

  get createsOrganizations() {
    const { viewer, organizationCreation } = this.#context;
    return () => authenticate(viewer) && authorizeCreation(viewer, organizationCreation);
  }

  get writesConfig() {
    const { viewer, configs } = this.#context;
    return async (id: string) => {
      authenticate(viewer);
      requireOrganization(viewer);
      const config = await configs.byId.load({ id, hasSettings: false });
      if (!config) throw new NotFoundError();
      const permission = config.userId === null ? 'writeOrganizationConfigs' : 'writeOwnConfigs';
      return authorize(viewer, permission, config.organizationId);
    };
  }

  get managesProviderKey() {
    return permissionOn(this.#context, 'manageProviderKeys', this.#context.providerKeys.owners);
  }

  get usesProviderKey() {
    return permissionOn(this.#context, 'useProviderKeys', this.#context.providerKeys.owners);
  }

  get managesApiKey() {
    return permissionOn(this.#context, 'manageApiKeys', this.#context.apiKeys.owners);
  }
}

function permissionIn(context: Context, permission: Permission): (organizationId: string) => true | Promise<true> {
  return (organizationId) => authorizeIn(context, permission, organizationId);
}

/**
 * A permission in the organization of an object. The object is searched only in organizations that the viewer has access to.
 */
function permissionOn(
  context: Context,
  permission: Permission,
  owners: { load: (id: string) => Promise<string | null> },
): (id: string) => Promise<true> {
  return async (id) => {
    authenticate(context.viewer);
    requireOrganization(context.viewer);
    const organizationId = await owners.load(id);
    if (organizationId === null) throw new NotFoundError();
    return authorizeIn(context, permission, organizationId);
  };
}
