import { describe, expect, it } from 'vitest';
import { ClaimError, claimAt, nameAt, organizationAt, roleAt, teamsAt } from '../../src/auth/claims-mapping.ts';
import { presets } from '../../src/auth/presets.ts';

describe('the claim at a path', () => {
  const payload = {
    sub: 'a',
    realm_access: { roles: ['boss'] },
    'https://acme.example/roles': ['lead'],
    'https://acme.example/claims': { 'x.teams': ['one'], teams: ['two'] },
    'a.b': { c: 1 },
    a: { b: { c: 2, d: 3 } },
    list: [{ id: 'x' }],
    none: null,
  };

  it.each([
    ['sub', 'a'],
    ['realm_access.roles', ['boss']],
    ['https://acme.example/roles', ['lead']],
    ['https://acme.example/claims.x.teams', ['one']],
    ['https://acme.example/claims.teams', ['two']],
    ['a.b', { c: 1 }],
    ['a.b.c', 1],
    ['none', null],
    // The longest name that is there wins, and nothing is looked for below a shorter one.
    ['a.b.d', undefined],
    ['sub.length', undefined],
    ['list.0.id', undefined],
    ['none.id', undefined],
    ['toString', undefined],
    ['realm_access.constructor', undefined],
    ['__proto__', undefined],
    ['absent', undefined],
    [null, undefined],
  ])('%s', (path, value) => {
    expect(claimAt(payload, path)).toEqual(value);
  });
});

describe('the role', () => {
  const mapping = {
    ...presets.workos,
    roleClaim: 'roles',
    roles: { boss: 'OWNER', lead: 'ADMIN', one: 'MEMBER' },
  } as const;

  it.each([
    [['lead', 'boss'], 'OWNER'],
    [['one', 'lead'], 'ADMIN'],
    ['lead', 'ADMIN'],
    [[], 'MEMBER'],
    [null, 'MEMBER'],
    [['constructor', 'toString', '__proto__'], 'MEMBER'],
    [['BOSS', ' boss'], 'MEMBER'],
  ])('of %j is %s', (roles, role) => {
    expect(roleAt({ roles }, mapping)).toBe(role);
  });

  it.each([[7], [true], [{ name: 'boss' }], [[['boss']]], [[null]]])('is refused where it is %j', (roles) => {
    expect(() => roleAt({ roles }, mapping)).toThrow(ClaimError);
  });

  it('is none where tokens name none', () => {
    expect(roleAt({ roles: ['boss'] }, { ...mapping, roleClaim: null })).toBe(null);
  });
});

describe('the teams', () => {
  it('are names, each once, sorted, 500 at most', () => {
    const groups = Array.from({ length: 600 }, (_, index) => `team ${String(index).padStart(3, '0')}`);

    expect(teamsAt({ groups: ['b', 'a', 'b', '', 'x'.repeat(256), 'c\u0000'] }, 'groups')).toEqual(['a', 'b']);
    expect(teamsAt({ groups: groups.toReversed() }, 'groups')).toEqual(groups.slice(0, 500));
  });

  it('are not said where there is no claim for them', () => {
    expect(teamsAt({ groups: ['a'] }, null)).toBe(null);
  });
});

it('the organization of an object is its only member, by its id where it has one', () => {
  expect(organizationAt({ o: { acme: {} } }, 'o')).toBe('acme');
  expect(organizationAt({ o: { acme: { id: '1' } } }, 'o')).toBe('1');
  expect(organizationAt({ o: null }, 'o')).toBe(undefined);
  expect(() => organizationAt({ o: { acme: { id: null } } }, 'o')).toThrow(ClaimError);
});

it('a name has no blanks around it, and is none where it is not one', () => {
  expect(nameAt({ name: '  Mara ' }, 'name')).toBe('Mara');
  for (const name of ['', '  ', 7, ['Mara'], 'x'.repeat(256), 'a\u001bb']) expect(nameAt({ name }, 'name')).toBe(null);
});
