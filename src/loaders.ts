import { organizationsOf, organizationsWith } from './auth/permissions.ts';
import type { Viewer } from './auth/viewer.ts';
import type { TrackedDatabase } from './cache/dependencies.ts';
import type { TaggedCache } from './cache/tagged-cache.ts';
import type { Catalog } from './catalog/catalog.ts';
import { createModelConfigLoaders, type ModelConfigLoaders } from './domain/configs/model-config-loaders.ts';
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
import { countMembers, findMembers, type Member } from './domain/organizations/membership.ts';
import { findOrganizations, type Organization } from './domain/organizations/organization.ts';
import { findKnownUsers, type User } from './domain/organizations/user.ts';
import { CachingLoader, Loader, ReadyLoader } from './domain/reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from './domain/reading/page.ts';
import type { ReadScope } from './domain/reading/read-scope.ts';
import { createUsageLoaders, type UsageLoaders } from './domain/usage/usage-loaders.ts';

/** What is read besides the database. */
interface LoaderDeps {
  catalog: Catalog;
  platformProviders: ReadonlySet<string>;
  states: TaggedCache<OrganizationState>;
}

/** For whom, and when. */
interface Caller {
  viewer: Viewer;
  now: Date;
}

/**
 * What one request reads again and again: each kind in one statement for all that it asks about. They keep what they read.
 * Each is made when it is asked for: a request needs one or two of so many, and to make all takes longer than most answers.
 */
export class Loaders {
  readonly #source: TrackedDatabase;
  readonly #ground: LoaderDeps;
  readonly #asked: Caller;
  readonly #made: Partial<Loaders> = {};

  constructor(source: TrackedDatabase, ground: LoaderDeps, asked: Caller) {
    this.#source = source;
    this.#ground = ground;
    this.#asked = asked;
  }

  /** The states of organizations: the policy, and the providers that they have active keys at. */
  get states(): CachingLoader<OrganizationState> {
    return this.#keep('states', () => new CachingLoader(this.#source, this.#ground.states, loadStates));
  }

  /** The users that the viewer may know, null for others. */
  get knownUsers(): ReadyLoader<string, User | null> {
    return this.#keep('knownUsers', () => {
      const { viewer } = this.#asked;
      return new ReadyLoader(async (ids) => {
        const sight = { userId: viewer.userId, organizations: organizationsOf(viewer) };
        const users = await findKnownUsers(this.#source.of(ids), sight, ids);
        // Who is known stays so while neither changes; who is not may become known by anything.
        if (users.includes(null)) this.#source.untracked();
        return users;
      });
    });
  }

  get members(): PageLoader<Page<string>, Member> {
    return this.#keep('members', () => createPageLoader((ids, page) => findMembers(this.#source.of(ids), ids, page)));
  }

  get memberCounts(): Loader<string, number> {
    return this.#keep('memberCounts', () => new Loader((ids) => countMembers(this.#source.of(ids), ids)));
  }

  // What has become of one depends on the time too.
  /** By id: null for one that is not there, or not the viewer's to read. */
  get invitationsById(): Loader<string, Invitation | null> {
    return this.#keep('invitationsById', () => {
      const { viewer } = this.#asked;
      return new Loader((ids) =>
        findInvitationsById(this.#source.untracked(), organizationsWith(viewer, 'manageMembers'), ids),
      );
    });
  }

  get invitations(): PageLoader<Page<InvitationKey>, Invitation> {
    return this.#keep('invitations', () =>
      createPageLoader((ids, page) => findInvitations(this.#source.untracked(), ids, page)),
    );
  }

  get invitationCounts(): Loader<string, number> {
    return this.#keep('invitationCounts', () => new Loader((ids) => countInvitations(this.#source.untracked(), ids)));
  }

  get revisions(): PageLoader<Page<number>, Revision> {
    return this.#keep('revisions', () =>
      createPageLoader((ids, page) => findRevisions(this.#source.of(ids), ids, page)),
    );
  }

  /** By id: null for one that is not there, or not the viewer's to read. */
  get revisionsById(): Loader<string, Revision | null> {
    return this.#keep('revisionsById', () => {
      const { viewer } = this.#asked;
      return new Loader((ids) =>
        findRevisionsById(this.#source.untracked(), organizationsWith(viewer, 'readRevisions'), ids),
      );
    });
  }

  /** By id: null for one that is not there. To be asked for those alone that the viewer may enter. */
  get organizations(): ReadyLoader<string, Organization | null> {
    return this.#keep(
      'organizations',
      () => new ReadyLoader((ids) => findOrganizations(this.#source.untracked(), ids)),
    );
  }

  get configs(): ModelConfigLoaders {
    return this.#keep('configs', () => {
      const { catalog, platformProviders } = this.#ground;
      const { viewer, now } = this.#asked;
      const view = {
        viewerId: viewer.userId,
        catalog,
        now,
        platformProviders,
        states: (ids: readonly string[]) => Promise.all(ids.map((id) => this.states.load(id))),
      };
      return createModelConfigLoaders(this.#source, view, () => this.#sight());
    });
  }

  get usage(): UsageLoaders {
    return this.#keep('usage', () =>
      createUsageLoaders(this.#source, { catalog: this.#ground.catalog, userId: this.#asked.viewer.userId }),
    );
  }

  get providerKeys(): ProviderKeyLoaders {
    return this.#keep('providerKeys', () => {
      const { viewer } = this.#asked;
      // Who may be given a key, or change it, sees it; the others see what a configuration shows them.
      const keeperOf = () => organizationsWith(viewer, 'manageProviderKeys', 'useProviderKeys');
      const sight = () => ({ ...this.#sight(), keeperOf: keeperOf() });
      return createProviderKeyLoaders(this.#source, sight, () => organizationsOf(viewer));
    });
  }

  get apiKeys(): ApiKeyLoaders {
    return this.#keep('apiKeys', () => {
      const { viewer } = this.#asked;
      const ownId = viewer.service?.apiKeyId ?? null;
      const sight = () => ({ ownId, organizations: organizationsWith(viewer, 'manageApiKeys') });
      return createApiKeyLoaders(this.#source, sight, () => organizationsOf(viewer));
    });
  }

  /** As it is now: a viewer may become a member by what it asks. */
  #sight(): ReadScope {
    const { viewer } = this.#asked;
    return { userId: viewer.userId, organizations: organizationsWith(viewer, 'readOrganization') };
  }

  /** In place: some have been handed on. */
  protected clearLoaders(): void {
    forgetAll(this.#made);
  }

  #keep<Name extends keyof Loaders>(name: Name, make: () => Loaders[Name]): Loaders[Name] {
    const made = this.#made[name] ?? make();
    this.#made[name] = made;
    return made;
  }
}

function forgetAll(loaders: object): void {
  for (const loader of Object.values(loaders)) {
    if (loader instanceof Loader || loader instanceof ReadyLoader || loader instanceof CachingLoader) loader.clearAll();
    else forgetAll(loader);
  }
}
