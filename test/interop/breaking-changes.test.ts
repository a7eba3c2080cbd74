import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { obstaclesTo } from './breaking-changes.ts';

const released = readFileSync(join(import.meta.dirname, 'released/schema.graphql'), 'utf8');
const without = released.replace(/"""When they were last changed; null if never\."""\s+updatedAt: DateTime/, '');
const removal = {
  type: 'FIELD_REMOVED',
  path: 'OrganizationModelSettings.updatedAt',
  reason: 'Nobody asks for it.',
};

describe('the check of breaking changes', () => {
  it('has nothing against a schema as it was released, nor against more of it', async () => {
    const more = released.replace('type Viewer {', 'type Viewer {\n  "How it is called."\n  nickname: String');

    expect(await obstaclesTo(released, released, [])).toEqual([]);
    expect(await obstaclesTo(more, released, [])).toEqual([]);
  });

  it('names what breaks clients, until it is accepted', async () => {
    expect(await obstaclesTo(without, released, [])).toEqual([
      "Field 'updatedAt' was removed from object type 'OrganizationModelSettings' (FIELD_REMOVED OrganizationModelSettings.updatedAt)",
    ]);
    expect(await obstaclesTo(without, released, [removal])).toEqual([]);
  });

  it.each([
    ['an argument that must be given now', 'viewer: Viewer!', 'viewer(key: String!): Viewer!', 'FIELD_ARGUMENT_ADDED'],
    ['an answer that may be null now', 'viewer: Viewer!', 'viewer: Viewer', 'FIELD_TYPE_CHANGED'],
    ['a member of a result that is gone', 'ForbiddenError | Membership |', 'Membership |', 'UNION_MEMBER_REMOVED'],
  ])('names %s', async (_change, part, changed, type) => {
    expect(await obstaclesTo(released.replace(part, changed), released, [])).toEqual([expect.stringContaining(type)]);
  });

  it('takes a type by its new name, where that is accepted, and still names what is not', async () => {
    const rename = { type: 'TYPE_RENAMED', path: 'Role', to: 'Rank', reason: 'Others have it too.' };
    const renamed = released.replace(/\bRole\b/g, 'Rank');
    const shortened = renamed.replace(/^enum Rank [^}]+\}/m, 'enum Rank { ADMIN MEMBER }');

    expect(await obstaclesTo(renamed, released, [])).toContain("Type 'Role' was removed (TYPE_REMOVED Role)");
    expect(await obstaclesTo(renamed, released, [rename])).toEqual([]);
    expect(await obstaclesTo(shortened, released, [rename])).toEqual([
      "Enum value 'OWNER' was removed from enum 'Rank' (ENUM_VALUE_REMOVED Rank.OWNER)",
    ]);
    expect(await obstaclesTo(released, released, [rename])).toEqual([
      'An accepted change is not made: TYPE_RENAMED Role',
    ]);
  });

  it('names what is accepted though nothing of the kind is changed, or without a reason', async () => {
    expect(await obstaclesTo(released, released, [removal])).toEqual([
      'An accepted change is not made: FIELD_REMOVED OrganizationModelSettings.updatedAt',
    ]);
    expect(await obstaclesTo(without, released, [{ ...removal, reason: '' }])).toEqual([
      'No reason is given: FIELD_REMOVED OrganizationModelSettings.updatedAt',
    ]);
  });
});
