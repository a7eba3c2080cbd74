import type { Role as DatabaseRole } from '../database/generated/prisma/enums.ts';

export type Role = DatabaseRole;

/** Who asks. Never null: an anonymous caller is a viewer without memberships. */
export interface Viewer {
  kind: 'ANONYMOUS' | 'USER';
  userId: string | null;
  /** The viewer's role in each organization it may enter, by the organization's id. */
  memberships: ReadonlyMap<string, Role>;
}

export const anonymous: Viewer = { kind: 'ANONYMOUS', userId: null, memberships: new Map() };
