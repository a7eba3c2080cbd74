import type { Context } from '../context.ts';
import type { Organization } from '../domain/organizations/organization.ts';
import type { User } from '../domain/organizations/user.ts';
import type { PolicyAt } from '../domain/policy/policy-history.ts';
import { withLoaded } from '../domain/reading/loader.ts';
import { NotFoundError } from '../errors/base.ts';

// Objects that several folders look up. They are read by loaders: a Prisma relation takes ten times as long for each row.

/**
 * The organization of an object that is visible to the viewer.
 * @throws NotFoundError
 */
export function findOrganization(id: string, { organizations }: Context): Organization | Promise<Organization> {
  return withLoaded(organizations.load(id), existing);
}

/**
 * A user that a visible object refers to.
 * @throws NotFoundError where that user is not visible to the viewer
 */
export function findUser(id: string, { knownUsers }: Context): User | Promise<User> {
  return withLoaded(knownUsers.load(id), existing);
}

/** @throws NotFoundError */
function existing<Row>(row: Row | null): Row {
  if (row === null) throw new NotFoundError();
  return row;
}

/**
 * The policy of an organization at a revision; null or absent: the present one. `path` is the argument that says it. Authorize before.
 * @throws ValidationError for a revision that the organization has not reached
 */
export async function findPolicy(
  organizationId: string,
  atRevision: number | null | undefined,
  { policies }: Context,
  path = 'atRevision',
): Promise<PolicyAt> {
  return existing(await policies.at.load({ organizationId, atRevision: atRevision ?? null, path }));
}
