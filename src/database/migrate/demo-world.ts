import demoWorldData from '../../../prisma/demo-world.json' with { type: 'json' };
import type { Role } from '../generated/prisma/enums.ts';
import type { PrismaDatabase } from '../pool/client.ts';

interface DemoWorld {
  organizations: { id: string; name: string; members: DemoMember[] }[];
}

interface DemoMember {
  persona: string;
  id: string;
  name: string;
  email: string;
  role: Role;
}

/** The organizations and people of the embedded mode; a persona is the name that examples use for a person. */
export const demoWorld = demoWorldData as DemoWorld;

/** All people of the demo data. */
export const demoPeople = demoWorld.organizations.flatMap(({ id, name, members }) =>
  members.map((member) => ({ ...member, organization: { id, name } })),
);

/** Inserts the demo data into an empty database. A database that has any organization is left unchanged. */
export async function fillDemoWorld(db: PrismaDatabase): Promise<void> {
  await db.$transaction(async (tx) => {
    // Two processes that start at the same time insert it once.
    await tx.$executeRaw`LOCK TABLE public."Organization" IN SHARE ROW EXCLUSIVE MODE`;
    if ((await tx.organization.count()) > 0) return;

    await tx.organization.createMany({ data: demoWorld.organizations.map(({ id, name }) => ({ id, name })) });
    await tx.user.createMany({ data: demoPeople.map(({ id, name, email }) => ({ id, name, email })) });
    await tx.membership.createMany({
      data: demoPeople.map(({ id, role, organization }) => ({ userId: id, organizationId: organization.id, role })),
    });
  });
}
