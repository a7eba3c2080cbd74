import type { Context } from '../context.ts';
import type { Organization } from '../domain/organizations/organization.ts';
import type { User } from '../domain/organizations/user.ts';
import { withLoaded } from '../domain/reading/loader.ts';
import { NotFoundError } from '../errors/base.ts';

// What the rows of a list belong to. By loaders: Prisma's way to a relation takes ten times as long for each row.

/**
 * The organization of an object that the viewer may see.
 * @throws NotFoundError
 */
export function findOrganization(id: string, { organizations }: Context): Organization | Promise<Organization> {
  return withLoaded(organizations.load(id), existing);
}

/**
 * A person whom an object names that the viewer may see.
 * @throws NotFoundError where the viewer may not know that person
 */
export function findUser(id: string, { knownUsers }: Context): User | Promise<User> {
  return withLoaded(knownUsers.load(id), existing);
}

function existing<Row>(row: Row | null): Row {
  if (row === null) throw new NotFoundError();
  return row;
}
