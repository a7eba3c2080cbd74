import { organizationsOf, organizationsWith } from './auth/permissions.ts';
import { apiKeyIdOf, type Viewer } from './auth/viewer.ts';
import type { TrackedDatabase } from './cache/dependencies.ts';
import type { TaggedCache } from './cache/tagged-cache.ts';
import type { Catalog } from './catalog/catalog.ts';
import { createModelConfigLoaders, type ModelConfigLoaders } from './domain/configs/model-config-loaders.ts';
import { findScimTokens, type ScimToken } from './domain/directory/scim-token.ts';
import { createExceptionLoaders, type ExceptionLoaders } from './domain/exceptions/exception-loaders.ts';
import { type ApiKeyLoaders, createApiKeyLoaders } from './domain/keys/api-key-loaders.ts';
import { createProviderKeyLoaders, type ProviderKeyLoaders } from './domain/keys/provider-key-loaders.ts';
import { findRevisions, findRevisionsById, type Revision } from './domain/ledger/revision.ts';
import { loadStates, type OrganizationState } from './domain/ledger/snapshot.ts';
import {
  countInvitations,
  findInvitations,
  findInvitationsById,
  type Invitation,
  type InvitationKey,
} from './domain/organizations/invitation.ts';
import {
  countMembers,
  findMembers,
  findMembersByKey,
  type Member,
  type MemberKey,
} from './domain/organizations/membership.ts';
import { findOrganizations, type Organization } from './domain/organizations/organization.ts';
import { findKnownUsers, type User } from './domain/organizations/user.ts';
import { createPolicyLoaders, type PolicyLoaders } from './domain/policy/policy-loaders.ts';
import { CachingLoader, GroupLoader, Loader, ReadyLoader } from './domain/reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from './domain/reading/page.ts';
import type { ReadScope } from './domain/reading/read-scope.ts';
import { createRefusalLoaders, type RefusalLoaders } from './domain/refusals/refusal-loaders.ts';
import { type SubjectCache, SubjectLoader } from './domain/subjects/subject-loader.ts';
import { createTeamLoaders, type TeamLoaders } from './domain/teams/team-loaders.ts';
import { createUsageLoaders, type UsageLoaders } from './domain/usage/usage-loaders.ts';
import type { Decisions } from './policy/decisions.ts';

/** What loaders need besides the database. */
interface LoaderDeps {
  catalog: Catalog;
  platformProviders: ReadonlySet<string>;
  states: TaggedCache<OrganizationState>;
  subjectCache: SubjectCache;
}

/** For whom and at what time is read, and who decides. */
interface Caller {
  viewer: Viewer;
  now: Date;
  decisions: (organizationId: string) => Decisions | Promise<Decisions>;
}

/**
 * The DataLoaders of one request: each batches the keys that are loaded at a time into one statement, and caches what it reads.
 * A loader is created on first use: a request uses one or two of many, and to create all takes longer than most answers.
 */
export class Loaders {
  readonly #source: TrackedDatabase;
  readonly #deps: LoaderDeps;
  readonly #caller: Caller;
  readonly #loaders: Partial<Loaders> = {};

  constructor(source: TrackedDatabase, deps: LoaderDeps, caller: Caller) {
    this.#source = source;
    this.#deps = deps;
    this.#caller = caller;
  }

  /** The states of organizations: the policy, and the providers with active keys. Cached across requests. */
  get states(): CachingLoader<OrganizationState> {
    return this.#loader('states', () => new CachingLoader(this.#source, this.#deps.states, loadStates));
  }

  /** By id: null for a user whom the viewer may not see. */
  get knownUsers(): ReadyLoader<string, User | null> {
    return this.#loader('knownUsers', () => {
      const { viewer } = this.#caller;
      return new ReadyLoader(async (ids) => {
        const scope = { userId: viewer.userId, organizations: organizationsOf(viewer) };
        const users = await findKnownUsers(this.#source.of(ids), scope, ids);
        // A visible user stays so while the tags are current. One who is not may become visible by what no tag covers.
        if (users.includes(null)) this.#source.untracked();
        return users;
      });
    });
  }

  get members(): PageLoader<Page<string>, Member> {
    return this.#loader('members', () => createPageLoader((ids, page) => findMembers(this.#source.of(ids), ids, page)));
  }

  /** Null for one that is not there. Does not authorize: load only those of organizations that the viewer may read. */
  get membersByKey(): Loader<MemberKey, Member | null, string> {
    return this.#loader('membersByKey', () => {
      const read = (keys: readonly MemberKey[]) =>
        findMembersByKey(this.#source.of(keys.map(({ organizationId }) => organizationId)), keys);
      return new Loader(read, { cacheKeyFn: ({ organizationId, userId }) => `${organizationId} ${userId}` });
    });
  }

  get memberCounts(): Loader<string, number> {
    return this.#loader('memberCounts', () => new Loader((ids) => countMembers(this.#source.of(ids), ids)));
  }

  // Invitations are read untracked: their status depends on the time too.
  /** By id: null for one that is not there, or not the viewer's to read. */
  get invitationsById(): Loader<string, Invitation | null> {
    return this.#loader('invitationsById', () => {
      const { viewer } = this.#caller;
      return new Loader((ids) =>
        findInvitationsById(this.#source.untracked(), organizationsWith(viewer, 'manageMembers'), ids),
      );
    });
  }

  get invitations(): PageLoader<Page<InvitationKey>, Invitation> {
    return this.#loader('invitations', () =>
      createPageLoader((ids, page) => findInvitations(this.#source.untracked(), ids, page)),
    );
  }

  get invitationCounts(): Loader<string, number> {
    return this.#loader('invitationCounts', () => new Loader((ids) => countInvitations(this.#source.untracked(), ids)));
  }

  get revisions(): PageLoader<Page<number>, Revision> {
    return this.#loader('revisions', () =>
      createPageLoader((ids, page) => findRevisions(this.#source.of(ids), ids, page)),
    );
  }

  /** By id: null for one that is not there, or not the viewer's to read. */
  get revisionsById(): Loader<string, Revision | null> {
    return this.#loader('revisionsById', () => {
      const { viewer } = this.#caller;
      return new Loader((ids) =>
        findRevisionsById(this.#source.untracked(), organizationsWith(viewer, 'readRevisions'), ids),
      );
    });
  }

  /** What a subject is in an organization: it does not authorize. Cached across requests. */
  get subjects(): SubjectLoader {
    return this.#loader('subjects', () => new SubjectLoader(this.#source, this.#deps.subjectCache));
  }

  get policies(): PolicyLoaders {
    return this.#loader('policies', () => {
      const { viewer, now } = this.#caller;
      return createPolicyLoaders(this.#source, { catalog: this.#deps.catalog, viewerId: viewer.userId, now });
    });
  }

  /** By id: null for one that is not there. Does not authorize: load only those that the viewer may enter. */
  get organizations(): ReadyLoader<string, Organization | null> {
    return this.#loader(
      'organizations',
      () => new ReadyLoader((ids) => findOrganizations(this.#source.untracked(), ids)),
    );
  }

  get teams(): TeamLoaders {
    return this.#loader('teams', () =>
      createTeamLoaders(this.#source, () => organizationsWith(this.#caller.viewer, 'readOrganization')),
    );
  }

  get exceptions(): ExceptionLoaders {
    return this.#loader('exceptions', () => {
      const { viewer, now } = this.#caller;
      const listing = { userId: viewer.userId, now };
      return createExceptionLoaders(this.#source, listing, () => organizationsWith(viewer, 'readOrganization'));
    });
  }

  /** By the organization: it does not authorize. */
  get scimTokens(): Loader<string, readonly ScimToken[]> {
    return this.#loader('scimTokens', () => new Loader((ids) => findScimTokens(this.#source.untracked(), ids)));
  }

  get configs(): ModelConfigLoaders {
    return this.#loader('configs', () => {
      const { catalog, platformProviders } = this.#deps;
      const { viewer, decisions } = this.#caller;
      const view = {
        viewerId: viewer.userId,
        catalog,
        decisions: (ids: readonly string[]) => Promise.all(ids.map(decisions)),
        platformProviders,
        states: (ids: readonly string[]) => Promise.all(ids.map((id) => this.states.load(id))),
      };
      return createModelConfigLoaders(this.#source, view, () => this.#readScope());
    });
  }

  get usage(): UsageLoaders {
    return this.#loader('usage', () =>
      createUsageLoaders(this.#source, { catalog: this.#deps.catalog, userId: this.#caller.viewer.userId }),
    );
  }

  get refusals(): RefusalLoaders {
    return this.#loader('refusals', () => createRefusalLoaders(this.#source));
  }

  get providerKeys(): ProviderKeyLoaders {
    return this.#loader('providerKeys', () => {
      const { viewer } = this.#caller;
      // Visible to whoever may manage or use provider keys. Others see what a configuration shows of a key.
      const keyOrganizations = () => organizationsWith(viewer, 'manageProviderKeys', 'useProviderKeys');
      const scope = () => ({ ...this.#readScope(), keyOrganizations: keyOrganizations() });
      return createProviderKeyLoaders(this.#source, scope, () => organizationsOf(viewer));
    });
  }

  get apiKeys(): ApiKeyLoaders {
    return this.#loader('apiKeys', () => {
      const { viewer } = this.#caller;
      const ownId = apiKeyIdOf(viewer);
      const scope = () => ({ ownId, organizations: organizationsWith(viewer, 'manageApiKeys') });
      return createApiKeyLoaders(this.#source, scope, () => organizationsOf(viewer));
    });
  }

  /** Evaluated at each read: a mutation may add a membership to the viewer. */
  #readScope(): ReadScope {
    const { viewer } = this.#caller;
    return { userId: viewer.userId, organizations: organizationsWith(viewer, 'readOrganization') };
  }

  /** Clears in place: resolvers may hold references to them. */
  protected clearLoaders(): void {
    clearAllOf(this.#loaders);
  }

  #loader<Name extends keyof Loaders>(name: Name, create: () => Loaders[Name]): Loaders[Name] {
    const loader = this.#loaders[name] ?? create();
    this.#loaders[name] = loader;
    return loader;
  }
}

const clearable = [Loader, GroupLoader, ReadyLoader, CachingLoader];

function clearAllOf(loaders: object): void {
  for (const loader of Object.values(loaders)) {
    if (clearable.some((kind) => loader instanceof kind)) loader.clearAll();
    else clearAllOf(loader);
  }
}
