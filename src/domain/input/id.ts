import { z } from 'zod';

/** What the id of a user looks like: `usr_…`, or `user_…` as Clerk's are. */
export const userIdForm = /^(usr|user)_[\w-]{1,120}$/;

/** The id of a user. */
export const UserId = z.string().regex(userIdForm, "must be a user's id: usr_… or user_…");

/** The ids that are well-formed with this prefix. Others need no query, and PostgreSQL would refuse a NUL in one. */
export function idsOf(prefix: string, ids: readonly string[]): string[] {
  return ids.filter((id) => id.startsWith(`${prefix}_`) && /^[!-~]{1,200}$/.test(id.slice(prefix.length + 1)));
}
