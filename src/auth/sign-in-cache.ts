import { RoughLRU } from '../cache/rough-lru.ts';
import { TaggedCache } from '../cache/tagged-cache.ts';
import { staleTag, type Tag, type Tags } from '../cache/tags.ts';
import { isToUpdate, type Profile } from '../domain/organizations/profile.ts';
import type { Provisioned } from '../domain/organizations/provisioning.ts';
import { areSame, areToUpdate, type StoredTeams } from '../domain/organizations/team-claims.ts';
import type { Claims } from './claims.ts';

/** What is cached of a sign-in. */
export interface KnownSignIn {
  userId: string;
  organizationId: string | null;
  memberships: Provisioned['memberships'];
  deactivatedIn: Provisioned['deactivatedIn'];
  /** The tag of the user. */
  tag: Tag;
}

/** The tags under which a sign-in is read: those of the ids that it is expected to have. */
interface Reading {
  userId: string;
  userTag: Tag;
  organizationId: string | null;
  organizationTag: Tag | undefined;
}

/** Caches what is stored of users and organizations, while their tags are current. */
export interface SignInCache {
  /** Undefined where something is not cached, or the token says something else than what is stored. */
  find: (claims: Claims, now: Date) => KnownSignIn | undefined;
  /** Takes the tags. To be called before the read. */
  begin: (claims: Claims) => Reading;
  /**
   * Caches what was read, and answers the tag of the user. Where its memberships or teams are others than were cached, its tag is
   * invalidated: what the user is told depends on them, and the notice of the database comes later than this request is answered.
   */
  store: (claims: Claims, reading: Reading, provisioned: Provisioned) => Tag;
}

interface KnownUser {
  memberships: Provisioned['memberships'];
  deactivatedIn: Provisioned['deactivatedIn'];
  /** By identity: a user may have several. What the tokens of each were found to say. */
  profiles: Map<string, { profile: Profile; profileAt: Date | null }>;
  /** By organization. */
  teams: Map<string, StoredTeams>;
}

interface KnownOrganization {
  names: Map<string, { name: string | null; profileAt: Date | null }>;
}

/**
 * The id of a user follows from its identity, so that its tag can be taken before the read. Where another one is stored, it is
 * known only after the read: it is cached then, and the rest when it is read once more, under the right tag.
 */
export function createSignInCache(tags: Tags, maxEntries: number): SignInCache {
  const otherIds = new RoughLRU<string, string>({ max: Math.max(maxEntries, 1) });
  const users = new TaggedCache<KnownUser>();
  const organizations = new TaggedCache<KnownOrganization>();

  const begin = ({ key, userId, organization }: Claims): Reading => {
    const expected = otherIds.get(key) ?? userId;
    const organizationId = organization && (otherIds.get(organization.key) ?? organization.id);
    return {
      userId: expected,
      userTag: tags.take(expected),
      organizationId,
      organizationTag: organizationId === null ? undefined : tags.take(organizationId),
    };
  };
  const isSaid = (
    { organization }: Claims,
    { organizationId, organizationTag }: Reading,
    user: KnownUser,
    now: Date,
  ) => {
    if (!organization || organizationId === null || !organizationTag) return true;
    const { key, name, role, teams } = organization;
    const known = organizations.get(organizationTag)?.names.get(key);
    const isInside =
      (role !== null || user.memberships.has(organizationId)) &&
      (teams === null || !areToUpdate(teams, user.teams.get(organizationId) ?? { names: [], at: null }));
    return (
      known !== undefined &&
      !isToUpdate({ name }, { name: known.name }, known.profileAt, now) &&
      (isInside || user.deactivatedIn.includes(organizationId))
    );
  };
  const hasOtherTeams = ({ userTag }: Reading, { organizationId, teams }: Provisioned) => {
    const known = organizationId === null ? undefined : users.get(userTag)?.teams.get(organizationId);
    return known !== undefined && !areSame(known.names, teams);
  };
  return {
    begin,
    find: (claims, now) => {
      const reading = begin(claims);
      const { userId, userTag, organizationId } = reading;
      const user = users.get(userTag);
      const known = user?.profiles.get(claims.key);
      if (!user || !known || isToUpdate(claims.profile, known.profile, known.profileAt, now)) return undefined;
      if (!isSaid(claims, reading, user, now)) return undefined;
      const { memberships, deactivatedIn } = user;
      return { userId, organizationId, memberships, deactivatedIn, tag: userTag };
    },
    store: ({ key, organization }, reading, provisioned) => {
      const { userId, organizationId, memberships, deactivatedIn, profile, profileAt } = provisioned;
      if (provisioned.isAccessChanged || hasOtherTeams(reading, provisioned)) tags.invalidate(userId);
      if (organization && organizationId !== null) {
        const { organizationTag = staleTag } = reading;
        const { names } = organizations.get(organizationTag) ?? { names: new Map() };
        names.set(organization.key, {
          name: provisioned.organizationName,
          profileAt: provisioned.organizationProfileAt,
        });
        if (organizationId === reading.organizationId) organizations.set(organizationTag, { names });
        else otherIds.set(organization.key, organizationId);
      }
      if (userId !== reading.userId) {
        otherIds.set(key, userId);
        return staleTag;
      }
      const user = users.get(reading.userTag) ?? { profiles: new Map(), teams: new Map() };
      user.profiles.set(key, { profile, profileAt });
      if (organizationId !== null)
        user.teams.set(organizationId, { names: provisioned.teams, at: provisioned.teamsAt });
      users.set(reading.userTag, { ...user, memberships, deactivatedIn });
      return reading.userTag;
    },
  };
}
