/**
 * Where an object is looked for that a viewer asks for by its id: nowhere else, so that one of others is not found, and takes
 * no longer than one that does not exist.
 */
export interface ReadScope {
  /** The user, for what is its own. */
  userId: string | null;
  /** The organizations whose objects it may see. */
  organizationIds: readonly string[];
}

/** Organizations in a statement at most: of more the database is asked itself, which a long list would cost more than. */
export const maxOrganizationIds = 20;

/** The same, or only the user where it is in many organizations, by its memberships in the database. */
export type MemberReadScope = ReadScope | { userId: string; organizationIds: null };
