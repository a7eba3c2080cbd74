import { z } from 'zod';
import type { Database } from '../../database/pool/client.ts';
import { onlyRow } from '../../database/pool/sql.ts';
import { Name } from '../input/name.ts';
import { parseInput } from '../input/validation.ts';
import { type User, userColumns } from './user.ts';

const UserChange = z.object({ name: Name });

/**
 * Changes the name of a user, which names from tokens and directories do not replace any more. It is part of no organization,
 * so it is in no ledger; a trigger tells other processes.
 * @throws ValidationError
 */
export async function updateUser(db: Database, userId: string, input: unknown): Promise<User> {
  const { name } = parseInput(UserChange, input);
  return onlyRow(
    await db.query<User>`
      UPDATE public."User" u SET "name" = ${name}, "nameSetByUser" = true WHERE u."id" = ${userId}
      RETURNING ${userColumns}`,
  );
}
