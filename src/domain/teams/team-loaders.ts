import type { TrackedDatabase } from '../../cache/dependencies.ts';
import { Loader } from '../reading/loader.ts';
import { createPageLoader, type Page, type PageLoader } from '../reading/page.ts';
import type { OrganizationScope } from '../reading/read-scope.ts';
import {
  countTeamMembers,
  countTeams,
  findTeamMembers,
  findTeamNames,
  findTeams,
  findTeamsById,
  findTeamsOfUsers,
  type Team,
  type TeamKey,
  type TeamUser,
  teamUserKey,
} from './team.ts';

/** Loaders of teams for one request: the loads of each kind are batched into one statement. */
export interface TeamLoaders {
  /** By the organization. */
  pages: PageLoader<Page<TeamKey>, Team>;
  counts: Loader<string, number>;
  /** By id: null for one that does not exist, or is not visible to the viewer. */
  byId: Loader<string, Team | null>;
  /** The names of teams of an organization, by the ids; those that it does not have are missing. It does not authorize. */
  names: (organizationId: string, ids: readonly string[]) => Promise<Readonly<Record<string, string>>>;
  /** The ids of members, by the team: it does not authorize. */
  members: PageLoader<Page<string>, string>;
  memberCounts: Loader<string, number>;
  /**
   * The ids of a user's teams in an organization: of everybody, whether or not it is a member or the viewer may know. The tags of both
   * cover them: the database notifies of both when a user joins or leaves a team.
   */
  ofUsers: Loader<TeamUser, readonly string[], string>;
}

/** A team is visible in these organizations. */
export function createTeamLoaders(source: TrackedDatabase, visible: () => OrganizationScope): TeamLoaders {
  return {
    pages: createPageLoader((ids, page) => findTeams(source.of(ids), ids, page)),
    counts: new Loader((ids) => countTeams(source.of(ids), ids)),
    byId: new Loader((ids) => findTeamsById(source.untracked(), visible(), ids)),
    names: async (organizationId, ids) =>
      ids.length === 0 ? {} : findTeamNames(source.of([organizationId]), organizationId, ids),
    members: createPageLoader((ids, page) => findTeamMembers(source.untracked(), ids, page)),
    memberCounts: new Loader((ids) => countTeamMembers(source.untracked(), ids)),
    ofUsers: new Loader(
      (users) => {
        const tags = users.flatMap(({ organizationId, userId }) => [organizationId, userId]);
        return findTeamsOfUsers(source.of(tags), users);
      },
      { cacheKeyFn: teamUserKey },
    ),
  };
}
