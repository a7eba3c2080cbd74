import type { Context } from '../context.ts';
import type { Organization } from '../domain/organizations/organization.ts';
import type { User } from '../domain/organizations/user.ts';
import { NotFoundError } from '../errors/base.ts';

// What the rows of a list belong to. By loaders: Prisma's way to a relation takes ten times as long for each row.

/**
 * The organization of an object that the viewer may see.
 * @throws NotFoundError
 */
export async function findOrganization(id: string, { organizations }: Context): Promise<Organization> {
  const organization = await organizations.load(id);
  if (!organization) throw new NotFoundError();
  return organization;
}

/**
 * A person whom an object names that the viewer may see.
 * @throws NotFoundError where the viewer may not know that person
 */
export async function findUser(id: string, { knownUsers }: Context): Promise<User> {
  const user = await knownUsers.load(id);
  if (!user) throw new NotFoundError();
  return user;
}
