/** Those of the ids that can be one with this prefix; no other is worth a look in the database, which takes no NUL. */
export function idsOf(prefix: string, ids: readonly string[]): string[] {
  return ids.filter((id) => id.startsWith(`${prefix}_`) && /^[!-~]{1,200}$/.test(id.slice(prefix.length + 1)));
}
