import { describe, expect, it } from 'vitest';
import { createCatalog, readCatalog } from '../../src/catalog/read-catalog.ts';
import { impactOf, type MemberClass, type PolicyFacts } from '../../src/policy/impact.ts';
import { defaultPolicy, noLists } from '../../src/policy/policy-value.ts';
import { anySubject } from '../../src/policy/subject.ts';

const now = new Date('2026-11-22T12:00:00Z');
const catalog = readCatalog();
const gpt = { provider: 'openai', modelId: 'gpt-4o' };
const claude = { provider: 'anthropic', modelId: 'claude-sonnet-4-6' };
const idOf = ({ provider, modelId }: typeof gpt) => `mdl_${provider}/${modelId}`;
const withoutGpt = { ...defaultPolicy, disabledModels: ['openai/gpt-4o'] };

function facts(about: Partial<PolicyFacts> = {}): PolicyFacts {
  return {
    catalog,
    exceptions: [],
    viewer: anySubject,
    configs: [],
    sharedDefault: null,
    members: [members(100)],
    apiKeys: [],
    recentUse: new Map(),
    ...about,
  };
}

function members(count: number, about: Partial<MemberClass> = {}): MemberClass {
  return { subject: { ...anySubject, role: 'MEMBER' }, count, ownDefaults: [], hiddenConfigs: [], ...about };
}

describe('the impact of a change', () => {
  it('is nothing where both policies decide alike', () => {
    const impact = impactOf({ ...withoutGpt, disabledModels: ['gpt-4o'] }, withoutGpt, facts(), now);

    expect(impact).toMatchObject({ newlyBlocked: [], newlyAllowed: [], defaults: [], membersLeftWithoutModel: 0 });
  });

  it('has both sides: what is blocked one way is allowed the other way', () => {
    const forth = impactOf(defaultPolicy, withoutGpt, facts(), now);
    const back = impactOf(withoutGpt, defaultPolicy, facts(), now);

    const blocked = forth.newlyBlocked.map(({ model }) => model.id);
    expect(blocked).toContain(idOf(gpt));
    expect(back.newlyAllowed.map(({ model }) => model.id)).toEqual(blocked);
    expect(forth.newlyAllowed).toEqual([]);
    expect(back.newlyBlocked).toEqual([]);
  });

  it('does not tell of models that were refused before for another reason', () => {
    const before = { ...defaultPolicy, disabledProviders: ['openai'] };

    const impact = impactOf(before, { ...before, disabledModels: ['gpt-4o'] }, facts(), now);

    expect(impact.newlyBlocked).toEqual([]);
  });

  it('lists those used most first, and sums their uses and known costs exactly', () => {
    const uses = { uses: 7n, cost: 1n, users: 3 };
    const most = { uses: 2n ** 60n, cost: 2n ** 70n, users: 1 };
    const [snapshot = expect.fail()] = impactOf(defaultPolicy, withoutGpt, facts(), now).newlyBlocked.slice(1);
    const recentUse = new Map([
      [idOf(gpt), uses],
      [snapshot.model.id, most],
      [idOf(claude), most],
    ]);

    const impact = impactOf(defaultPolicy, withoutGpt, facts({ recentUse }), now);

    expect(impact.newlyBlocked.slice(0, 2)).toMatchObject([
      { model: { id: snapshot.model.id }, recentUses: 2n ** 60n, recentUsers: 1 },
      { model: { id: idOf(gpt) }, recentUses: 7n, recentUsers: 3 },
    ]);
    expect(impact).toMatchObject({ recentUses: 2n ** 60n + 7n, recentCost: 2n ** 70n + 1n });
  });

  it('has no cost where no price is known', () => {
    const recentUse = new Map([[idOf(gpt), { uses: 7n, cost: null, users: 0 }]]);

    expect(impactOf(defaultPolicy, withoutGpt, facts({ recentUse }), now)).toMatchObject({
      recentUses: 7n,
      recentCost: null,
    });
  });

  it('names visible configurations of what is newly blocked, and counts the hidden ones', () => {
    const configs = [
      { id: 'cfg_1', isOwn: false, ...gpt },
      { id: 'cfg_2', isOwn: true, ...claude },
      { id: 'cfg_3', isOwn: false, provider: 'openai', modelId: 'unknown' },
    ];
    const hiddenConfigs = [
      { ...gpt, count: 5 },
      { ...claude, count: 9 },
    ];

    const impact = impactOf(
      defaultPolicy,
      withoutGpt,
      facts({ configs, members: [members(100, { hiddenConfigs })] }),
      now,
    );

    expect(impact).toMatchObject({ modelConfigIds: ['cfg_1'], hiddenModelConfigCount: 5 });
  });

  it('decides on own configurations by the rules of the viewer, and on shared ones by those of the organization', () => {
    const after = { ...defaultPolicy, scopes: { usr_v: { ...noLists, disabledModels: ['gpt-4o'] } } };
    const configs = [true, false].map((isOwn) => ({ id: isOwn ? 'cfg_own' : 'cfg_shared', isOwn, ...gpt }));

    const impact = impactOf(defaultPolicy, after, facts({ configs, viewer: { ...anySubject, id: 'usr_v' } }), now);

    expect(impact.modelConfigIds).toEqual(['cfg_own']);
  });

  it('counts the exceptions that keep something of what is blocked, and tells of aliases that stand for another model', () => {
    const until = new Date('2026-11-23T12:00:00Z');
    const exceptions = [gpt, claude].map((ref) => ({
      id: `exc_${ref.modelId}`,
      subjectId: 'usr_a',
      models: [ref.modelId],
      until,
    }));
    const aliases = { fast: ['gpt-4o', 'claude-sonnet-4-6'], steady: ['claude-sonnet-4-6'] };
    const before = { ...defaultPolicy, aliases };

    const impact = impactOf(before, { ...withoutGpt, aliases }, facts({ exceptions }), now);

    expect(impact.exceptionsThatLift).toBe(1);
    expect(impact.aliases.map(({ name, from, to }) => [name, from?.modelId, to?.modelId])).toEqual([
      ['fast', 'gpt-4o', 'claude-sonnet-4-6'],
    ]);
  });

  it('costs as much for 100,000 members as for one, and follows each chain of defaults', () => {
    const ownDefaults = [
      { ...gpt, count: 900 },
      { ...claude, count: 100 },
      { provider: 'openai', modelId: 'unknown', count: 10 },
    ];
    const before = { ...defaultPolicy, defaultModelKey: 'openai/gpt-4.1' };

    const impact = impactOf(
      before,
      { ...before, disabledModels: withoutGpt.disabledModels },
      facts({ members: [members(100_010, { ownDefaults })], sharedDefault: gpt }),
      now,
    );

    expect(impact.defaults.map((one) => [one.from?.modelId, one.to?.modelId, one.members])).toEqual([
      ['gpt-4o', 'gpt-4.1', 99_910],
    ]);
  });

  it('tells of a default that is lost, and of members who are left without any model', () => {
    const [entry = expect.fail()] = catalog.models.filter(({ id }) => id === idOf(gpt));
    const small = createCatalog(
      [{ ...entry, pointsTo: null, snapshotOf: [] }].map(
        ({
          id: _i,
          position: _p,
          names: _n,
          disabledBy: _d,
          allowedBy: _a,
          ownNames: _o,
          added: _t,
          retirement: _r,
          ...rest
        }) => rest,
      ),
    );
    const before = { ...defaultPolicy, defaultModelKey: 'gpt-4o' };
    const after = { ...defaultPolicy, disabledProviders: ['openai'] };

    const impact = impactOf(before, after, facts({ catalog: small }), now);

    expect(impact).toMatchObject({ membersLeftWithoutModel: 100, defaults: [{ to: null, members: 100 }] });
    expect(impactOf(after, after, facts({ catalog: small }), now).membersLeftWithoutModel).toBe(0);
  });
});
