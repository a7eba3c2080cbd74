import type { MembersChange } from '../domain/teams/team-members.ts';
import { ScimError } from '../errors/scim.ts';
import { maxIdLength } from '../limits.ts';
import type { Operation } from './patch-operations.ts';
import { isObject, unfit } from './read-resource.ts';

/** No change of the members. */
export const sameMembers: MembersChange = { replaces: false, added: new Set(), removed: new Set() };

/** Exactly these members. @throws ScimError */
export function membersOf(value: unknown): MembersChange {
  return { replaces: true, added: new Set(idsOf(value)), removed: new Set() };
}

/**
 * What operations on `members` come to, one after another. Okta removes one by `members[value eq "…"]`, Entra several by a value.
 * @throws ScimError
 */
export function membersAfter(operations: readonly Operation[]): MembersChange {
  let replaces = false;
  const [added, removed] = [new Set<string>(), new Set<string>()];
  const clear = () => {
    replaces = true;
    added.clear();
    removed.clear();
  };
  for (const { op, path, value } of operations) {
    const [{ filter }, ...rest] = path;
    if (rest.length > 0 || (filter && op !== 'remove')) {
      throw new ScimError('invalidPath', 'members are added, replaced and removed as a whole');
    }
    const isAll = op === 'replace' || (op === 'remove' && !filter && (value === undefined || value === null));
    if (isAll) clear();
    if (op === 'remove') {
      for (const id of filter
        ? filter.map(({ attribute, value: id }) => idIn(attribute, id))
        : isAll
          ? []
          : idsOf(value)) {
        removed.add(id);
        added.delete(id);
      }
    } else {
      for (const id of idsOf(value)) {
        added.add(id);
        removed.delete(id);
      }
    }
  }
  return { replaces, added, removed };
}

function idIn(attribute: string, value: string | boolean): string {
  if (attribute.toLowerCase() === 'value' && typeof value === 'string') return value;
  throw new ScimError('invalidFilter', 'A member is removed by its value: members[value eq "…"]');
}

/** The ids of users in a list of members, or in one member. */
function idsOf(given: unknown): string[] {
  if (given === null || given === undefined) return [];
  return [given].flat().map((member: unknown) => {
    const id = isObject(member) ? member.value : member;
    if (typeof id !== 'string' || id.length > maxIdLength)
      throw unfit('members', 'must each have the id of a user as value');
    return id;
  });
}
