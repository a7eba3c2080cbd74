import { typeid } from 'typeid-js';
import type { TeamSource } from '../../src/database/generated/prisma/enums.ts';
import type { PrismaDatabase } from '../../src/database/pool/client.ts';

interface TeamOptions {
  name?: string;
  source?: TeamSource;
  members?: readonly { id: string }[];
}

/** A team of an organization, as if an identity provider had named it. */
export async function aTeam(
  db: PrismaDatabase,
  { id: organizationId }: { id: string },
  { name, source = 'CLAIMS', members = [] }: TeamOptions = {},
): Promise<{ id: string; name: string }> {
  const id = typeid('team').toString();
  const team = { id, name: name ?? `Team ${id.slice(-6)}`, organizationId, source };
  await db.team.create({
    data: { ...team, members: { create: members.map((member) => ({ userId: member.id })) } },
  });
  return { id, name: team.name };
}
