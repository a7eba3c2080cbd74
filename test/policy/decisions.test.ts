import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Model } from '../../src/catalog/model.ts';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { filterModels } from '../../src/domain/models/model-list.ts';
import type { Exception } from '../../src/policy/exception.ts';
import { causesOf } from '../../src/policy/explain.ts';
import { positionsOf } from '../../src/policy/model-set.ts';
import { allowedAt, decide, reasonsAgainst, type Snapshot } from '../../src/policy/policy.ts';
import { defaultPolicy, type Lists, type Policy } from '../../src/policy/policy-value.ts';
import type { Reason } from '../../src/policy/reasons.ts';
import { rulesOf } from '../../src/policy/rules.ts';
import { anySubject, idsOfSubject, noMember, type Subject } from '../../src/policy/subject.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';
import { aCatalogOf, lineDays } from '../kit/line-catalog.ts';

const now = new Date('2026-11-22T12:00:00Z');

/** 10,000 models. */
const catalog = aCatalogOf(2_500, { families: 50 });

const line = fc.nat(60);
const names = fc.oneof(
  line.map((n) => `line-${n % 50}-${n}`),
  line.map((n) => `line-${n % 50}-${n}-0806`),
  line.map((n) => `LINE-${n % 50}-${n}`),
  line.map((n) => `LINE-${n % 50}-*`),
  line.map((n) => `alias-${n}`),
  line.map((n) => `Line ${n} mini`),
  fc.constantFrom('openai/*', 'anthropic/line-1*', 'gone', 'gone*'),
  fc.constant('mini*'),
);
const lists: fc.Arbitrary<Lists> = fc.record({
  disabledProviders: fc.subarray([...providerSlugs], { maxLength: 1 }),
  disabledModels: fc.array(names, { maxLength: 4 }),
  allowedModels: fc.option(fc.array(names, { maxLength: 6 }), { freq: 2 }),
});
const subjectIds = ['usr_a', 'api_a', 'team_a', 'team_b', 'team_c', 'role_owner', 'role_admin', 'role_member'];
const policies: fc.Arbitrary<Policy> = fc
  .record({
    ofAll: lists,
    newModels: fc.constantFrom('ALLOW' as const, 'REVIEW' as const),
    reviewedAt: fc.constantFrom(...lineDays).map((day) => `${day}T00:00:00.000Z`),
    approvedModels: fc.array(names, { maxLength: 4 }),
    scopes: fc.dictionary(fc.constantFrom(...subjectIds), lists, { maxKeys: 8 }),
  })
  .map(({ ofAll, ...rest }) => ({ ...defaultPolicy, ...ofAll, ...rest }));
const exceptions: fc.Arbitrary<Exception[]> = fc.array(
  fc.record({
    id: fc.constantFrom('exc_a', 'exc_b'),
    subjectId: fc.constantFrom(...subjectIds),
    models: fc.array(names, { minLength: 1, maxLength: 3 }),
    until: fc.constantFrom(-1, 0, 1, 3_600_000).map((ms) => new Date(now.getTime() + ms)),
  }),
  { maxLength: 3 },
);
const snapshots = fc.record({ policy: policies, exceptions }).map((parts) => aSnapshot({ ...parts.policy, ...parts }));
const subjects: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({
    id: fc.constantFrom('usr_a', 'usr_b'),
    teams: fc.subarray(['team_a', 'team_b', 'team_c']),
    role: fc.constantFrom('OWNER' as const, 'ADMIN' as const, 'MEMBER' as const),
    isMember: fc.constant(true),
  }),
  fc.constantFrom('api_a', 'api_b').map((id) => ({ ...anySubject, id })),
  fc.constantFrom(anySubject, noMember),
);

const decided = (snapshot: Snapshot, subject: Subject, model: Model) => decide(snapshot, subject, catalog, model, now);
const allowedIds = (snapshot: Snapshot, subject: Subject) =>
  new Set(catalog.models.filter((model) => decided(snapshot, subject, model).allowed).map(({ id }) => id));
const runs = { numRuns: 25 };

describe('decisions on 10,000 models, by policies of all levels', () => {
  it('are the same in a list, in a set and alone, for every subject', () => {
    fc.assert(
      fc.property(snapshots, subjects, (snapshot, subject) => {
        const decisions = decisionsBy(snapshot, { catalog, now, subject });
        const alone = allowedIds(snapshot, subject);

        expect(new Set(filterModels(decisions, { allowed: true }).map(({ id }) => id))).toEqual(alone);
        const set = positionsOf(allowedAt(rulesOf(snapshot, catalog, subject), catalog, now).models);
        expect(new Set(set.map((position) => catalog.models[position]?.id))).toEqual(alone);
      }),
      runs,
    );
  });

  it('are explained by causes that give the same reasons, before exceptions', () => {
    const ofPolicy = (reason: Reason) => !['RETIRED', 'NOT_A_MEMBER'].includes(reason);
    fc.assert(
      fc.property(snapshots, subjects, (snapshot, subject) => {
        const rules = rulesOf(snapshot, catalog, subject);
        for (const model of catalog.models.filter((_, index) => index % 7 === 0 || index < 250)) {
          const causes = causesOf(snapshot, subject, catalog, model);
          const explained = [...new Set(causes.map(({ reason }) => reason))];

          expect(explained).toEqual(reasonsAgainst(rules, model, now).filter(ofPolicy));
        }
      }),
      runs,
    );
  });

  it('never allow more when more is disabled, at whatever level', () => {
    fc.assert(
      fc.property(
        snapshots,
        subjects,
        lists,
        fc.option(fc.constantFrom(...subjectIds)),
        (snapshot, subject, more, id) => {
          const add = (to: Lists): Lists => ({
            ...to,
            disabledProviders: [...to.disabledProviders, ...more.disabledProviders],
            disabledModels: [...to.disabledModels, ...more.disabledModels],
          });
          const scope = id === null ? undefined : (snapshot.scopes[id] ?? { ...defaultPolicy });
          const scoped = id !== null && scope ? { scopes: { ...snapshot.scopes, [id]: add(scope) } } : add(snapshot);

          const before = allowedIds(snapshot, subject);
          const after = allowedIds({ ...snapshot, ...scoped }, subject);
          expect([...after].filter((one) => !before.has(one))).toEqual([]);
        },
      ),
      runs,
    );
  });

  it('do not depend on the order of entries, levels, teams or exceptions', () => {
    const turned = <Value>(list: readonly Value[]) => [...list].toReversed();
    const turnedLists = (given: Lists): Lists => ({
      disabledProviders: turned(given.disabledProviders),
      disabledModels: turned(given.disabledModels),
      allowedModels: given.allowedModels && turned(given.allowedModels),
    });
    fc.assert(
      fc.property(snapshots, subjects, (snapshot, subject) => {
        const scopes = turned(Object.entries(snapshot.scopes)).map(([id, given]) => [id, turnedLists(given)]);
        const other = {
          ...snapshot,
          ...turnedLists(snapshot),
          approvedModels: turned(snapshot.approvedModels),
          scopes: Object.fromEntries(scopes),
          exceptions: turned(snapshot.exceptions),
        };

        expect(allowedIds(other, { ...subject, teams: turned(subject.teams) })).toEqual(allowedIds(snapshot, subject));
      }),
      runs,
    );
  });

  it('allow no subject without an exception what its organization is not allowed', () => {
    fc.assert(
      fc.property(snapshots, subjects, (given, subject) => {
        const ids = idsOfSubject(subject);
        const snapshot = { ...given, exceptions: given.exceptions.filter(({ subjectId }) => !ids.includes(subjectId)) };
        const organization = allowedIds({ ...snapshot, scopes: {}, exceptions: [] }, anySubject);

        expect([...allowedIds(snapshot, subject)].filter((id) => !organization.has(id))).toEqual([]);
      }),
      runs,
    );
  });

  it('have no reason where they allow, and name the exception by which alone they do', () => {
    fc.assert(
      fc.property(snapshots, subjects, (snapshot, subject) => {
        const bare = { ...snapshot, exceptions: [] };
        for (const model of catalog.models.slice(0, 240)) {
          const { allowed, reasons, exception } = decided(snapshot, subject, model);
          expect(allowed).toBe(reasons.length === 0);
          expect(exception !== null).toBe(allowed && !decided(bare, subject, model).allowed);
          if (exception) {
            expect(idsOfSubject(subject)).toContain(exception.subjectId);
            expect(exception.until > now).toBe(true);
          }
        }
      }),
      runs,
    );
  });

  it('name, of several exceptions, the one that ends last, and end with it', () => {
    const ends = [60_000, 120_000, 90_000].map((ms) => new Date(now.getTime() + ms));
    const given = ends.map((until, index) => ({
      id: `exc_${index}`,
      subjectId: 'usr_a',
      models: ['line-10-10-mini'],
      until,
    }));
    const snapshot = aSnapshot({ disabledModels: ['line-10-10-mini'], exceptions: given });
    const model = catalog.find('line-10-10-mini') ?? expect.fail();

    const access = decided(snapshot, { ...anySubject, id: 'usr_a' }, model);

    expect(access).toMatchObject({ allowed: true, exception: { id: 'exc_1' }, validUntil: ends[1] });
  });

  it('stay the same until their end', () => {
    fc.assert(
      fc.property(snapshots, subjects, fc.constantFrom(1, 1_000, 43_200_000), (snapshot, subject, ms) => {
        for (const model of catalog.models.slice(0, 240)) {
          const access = decided(snapshot, subject, model);
          const later = new Date(now.getTime() + ms);
          if (access.validUntil !== null && access.validUntil <= later) continue;
          expect(decide(snapshot, subject, catalog, model, later)).toEqual(access);
        }
      }),
      runs,
    );
  });

  it('refuse everything to whoever does not belong to the organization, whatever the exceptions', () => {
    fc.assert(
      fc.property(snapshots, (snapshot) => {
        expect(allowedIds(snapshot, noMember).size).toBe(0);
      }),
      { numRuns: 10 },
    );
  });
});

describe('the nearest allow list', () => {
  const only = (...allowedModels: string[]): Lists => ({ ...defaultPolicy, allowedModels });
  const names = (snapshot: Snapshot, subject: Subject) => [...allowedIds(snapshot, subject)];
  const person: Subject = { id: 'usr_a', teams: ['team_a', 'team_b'], role: 'MEMBER', isMember: true };
  const a = 'line-10-10-mini';
  const b = 'line-11-11-mini';
  const idOf = (key: string) => catalog.find(key)?.id;

  it.each<[string, Partial<Policy>, string[]]>([
    ['its own, before those of its teams', { scopes: { usr_a: only(a), team_a: only(b) } }, [a]],
    ['the union of those of its teams', { scopes: { team_a: only(a), team_b: only(b), role_member: only() } }, [a, b]],
    [
      'that of its role, where its teams have none',
      { scopes: { team_a: { ...defaultPolicy }, role_member: only(a) } },
      [a],
    ],
    ['that of the organization, where nobody else has one', { allowedModels: [b] }, [b]],
    ['within that of the organization', { allowedModels: [b], scopes: { usr_a: only(a, b) } }, [b]],
    ['an empty one, which allows nothing', { scopes: { usr_a: only(), team_a: only(a) } }, []],
    [
      'without what any level disables',
      { scopes: { usr_a: only(a, b), role_member: { ...defaultPolicy, disabledModels: [b] } } },
      [a],
    ],
    ['not that of a team that it is not in', { allowedModels: [a], scopes: { team_c: only(b) } }, [a]],
  ])('is %s', (_, policy, allowed) => {
    const snapshot = aSnapshot(policy);

    expect(names(snapshot, person)).toEqual(allowed.map(idOf));
    const hasCause = (key: string) => causesOf(snapshot, person, catalog, catalog.find(key)).length > 0;
    expect([a, b].filter((key) => !hasCause(key))).toEqual(allowed);
  });

  it('allows a snapshot by its floating name, and not the other way round', () => {
    const list = (...allowedModels: string[]) => names(aSnapshot({ allowedModels }), person);

    expect(list('line-10-10')).toContain(idOf('line-10-10-0806'));
    expect(list('line-10-10-0806')).toEqual([idOf('line-10-10-0806')]);
  });
});
