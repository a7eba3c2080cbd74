import { typeid } from 'typeid-js';
import type { Role } from '../../src/auth/viewer.ts';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';
import { trustedIssuer } from './issuer.ts';

interface Person {
  id: string;
  name: string;
}

/** An organization with one person in each role, and a stranger who owns another organization. */
export interface World {
  organization: { id: string; name: string };
  owner: Person;
  admin: Person;
  member: Person;
  stranger: Person;
  foreignOrganization: { id: string; name: string };
}

export async function buildWorld(db: PrismaDatabase): Promise<World> {
  const organization = await anOrganization(db, 'Brightwater');
  const foreignOrganization = await anOrganization(db, 'Northstar');
  return {
    organization,
    foreignOrganization,
    owner: await aMember(db, organization, 'OWNER'),
    admin: await aMember(db, organization, 'ADMIN'),
    member: await aMember(db, organization, 'MEMBER'),
    stranger: await aMember(db, foreignOrganization, 'OWNER'),
  };
}

export function anOrganization(db: PrismaDatabase, name: string): Promise<{ id: string; name: string }> {
  const data = { id: typeid('org').toString(), name };
  return db.organization.create({ data }).then(() => data);
}

export async function aMember(db: PrismaDatabase, organization: { id: string }, role: Role): Promise<Person> {
  const person = { id: typeid('usr').toString(), name: `${role} of ${organization.id}` };
  await db.user.create({
    data: {
      ...person,
      memberships: { create: { organizationId: organization.id, role } },
      // Whoever is to be known has signed in before.
      identities: { create: { issuer: trustedIssuer.issuer, subject: person.id } },
    },
  });
  return person;
}
