import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowModel, rebase, setLists, switchProvider } from '../../src/console/state/policy-edits.ts';
import { defaultPolicy, documentOf, type Policy } from '../../src/policy/policy-value.ts';

const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'));
const lists = fc.record({
  disabledProviders: names,
  disabledModels: names,
  allowedModels: fc.option(names, { freq: 2 }),
});
const policies: fc.Arbitrary<Policy> = fc
  .record({
    lists,
    approvedModels: names,
    defaultModelKey: fc.option(fc.constantFrom('x', 'y'), { freq: 2 }),
    aliases: fc.dictionary(
      fc.constantFrom('fast', 'cheap'),
      fc.uniqueArray(fc.constantFrom('x', 'y'), { minLength: 1 }),
    ),
    scopes: fc.dictionary(fc.constantFrom('usr_a', 'team_b'), lists),
  })
  .map(({ lists: own, ...others }) => ({ ...defaultPolicy, ...own, ...others }));

/** Lists are compared as sets: an edit that is made again may stand elsewhere. */
const contentOf = (policy: Policy) =>
  JSON.parse(JSON.stringify(documentOf(policy)), (_, value) => (Array.isArray(value) ? value.toSorted() : value));

describe('a draft that is made again on what others have saved', () => {
  it('is the draft where nobody else has changed anything, and what others saved where there is no edit', () => {
    fc.assert(
      fc.property(policies, policies, (one, other) => {
        expect(contentOf(rebase(one, other, one))).toEqual(contentOf(other));
        expect(contentOf(rebase(one, one, other))).toEqual(contentOf(other));
        expect(contentOf(rebase(one, other, other))).toEqual(contentOf(other));
      }),
    );
  });

  it('keeps what others have added to a list, and does not bring back what they have removed', () => {
    const base = { ...defaultPolicy, disabledModels: ['a', 'b'] };
    const mine = switchProvider({ ...base, disabledModels: ['a', 'b', 'mine'] }, 'openai', false);
    const theirs = setLists({ ...base, disabledModels: ['b', 'theirs'] }, 'usr_a', {
      ...defaultPolicy,
      disabledModels: ['x'],
    });

    expect(rebase(base, mine, theirs)).toMatchObject({
      disabledModels: ['b', 'theirs', 'mine'],
      disabledProviders: ['openai'],
      scopes: { usr_a: { disabledModels: ['x'] } },
    });
  });
});

describe('allowing a model', () => {
  it('lifts what the own lists of the organization have against it, and nothing else', () => {
    const policy = {
      ...defaultPolicy,
      disabledProviders: ['openai', 'mistral'],
      disabledModels: ['gpt-*', 'o3'],
      allowedModels: ['o1'],
      scopes: { usr_a: { ...defaultPolicy, disabledModels: ['gpt-*'] } },
    };
    const cause = (reason: string, entry: string | null, subjectId: string | null = null) => ({
      reason,
      entry,
      subjectId,
    });
    const causes = [
      cause('PROVIDER_DISABLED', 'openai'),
      cause('MODEL_DISABLED', 'gpt-*'),
      cause('MODEL_DISABLED', 'gpt-*', 'usr_a'),
      cause('NOT_ALLOWED', null),
      cause('PENDING_REVIEW', null),
    ];

    expect(allowModel(policy, 'openai/gpt-4o', causes)).toEqual({
      ...policy,
      disabledProviders: ['mistral'],
      disabledModels: ['o3'],
      allowedModels: ['o1', 'openai/gpt-4o'],
      approvedModels: ['openai/gpt-4o'],
    });
  });
});
