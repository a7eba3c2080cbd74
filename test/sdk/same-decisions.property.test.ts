import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { providerSlugs } from '../../src/catalog/providers.ts';
import { catalogFileOf } from '../../src/domain/snapshots/catalog-file.ts';
import { snapshotFileOf } from '../../src/domain/snapshots/snapshot-file.ts';
import type { Exception } from '../../src/policy/exception.ts';
import { defaultPolicy, type Lists, type Policy } from '../../src/policy/policy-value.ts';
import { anySubject, noMember, type Subject } from '../../src/policy/subject.ts';
import { Decider } from '../../src/sdk/gate.ts';
import { parseCatalog, parseSnapshot, stateOf } from '../../src/sdk/state.ts';
import { aSnapshot, decisionsBy } from '../kit/decisions.ts';
import { aCatalogOf, lineDays } from '../kit/line-catalog.ts';

const catalog = aCatalogOf(50, { families: 7, version: 3 });

const line = fc.nat(49);
const exact = line.map((n) => `line-${n % 7}-${n}`);
const names = fc.oneof(
  exact,
  exact.map((name) => `${name}-0806`),
  exact.map((name) => name.toUpperCase()),
  line.map((n) => `${providerSlugs[n % providerSlugs.length]}/line-${n % 7}-${n}`),
  line.map((n) => `alias-${n}`),
  line.map((n) => `Line ${n} mini`),
  fc.constantFrom('gone', '__proto__', '', 'mdl_openai/line-1-1'),
);
const selectors = fc.oneof(names, fc.constantFrom('openai/*', 'line-1*', 'gone*', 'LINE-2-*'));
const lists: fc.Arbitrary<Lists> = fc.record({
  disabledProviders: fc.subarray([...providerSlugs], { maxLength: 1 }),
  disabledModels: fc.array(selectors, { maxLength: 4 }),
  allowedModels: fc.option(fc.array(selectors, { maxLength: 8 }), { freq: 2 }),
});
const subjectIds = ['usr_a', 'api_a', 'team_a', 'team_b', 'role_owner', 'role_admin', 'role_member'];
const times = fc.date({ min: new Date('2026-11-20'), max: new Date('2026-11-25'), noInvalidDate: true });
const policies: fc.Arbitrary<Policy> = fc
  .record({
    own: lists,
    newModels: fc.constantFrom('ALLOW' as const, 'REVIEW' as const),
    reviewedAt: fc.constantFrom(...lineDays).map((day) => `${day}T00:00:00.000Z`),
    approvedModels: fc.array(exact, { maxLength: 3 }),
    aliases: fc.dictionary(
      fc.constantFrom('fast', 'best', 'constructor'),
      fc.array(names, { minLength: 1, maxLength: 3 }),
    ),
    scopes: fc.dictionary(fc.constantFrom(...subjectIds), lists),
  })
  .map(({ own, ...others }) => ({ ...defaultPolicy, ...own, ...others }));
const exceptions: fc.Arbitrary<Exception[]> = fc.array(
  fc.record({
    id: fc.constantFrom('exc_a', 'exc_b'),
    subjectId: fc.constantFrom(...subjectIds),
    models: fc.array(selectors, { minLength: 1, maxLength: 2 }),
    until: times,
  }),
  { maxLength: 3 },
);
const roles = fc.constantFrom('OWNER' as const, 'ADMIN' as const, 'MEMBER' as const, undefined);
const teams = fc.option(fc.subarray(['team_a', 'team_b', 'team_c']), { nil: undefined });
const ids = fc.constantFrom('usr_a', 'usr_b', 'api_a', undefined);
const told: fc.Arbitrary<Subject | undefined> = fc.oneof(
  fc.constantFrom(undefined, { ...noMember, id: 'usr_a' }),
  fc.record({ role: roles, teams }).map(({ role = null, teams = [] }) => ({ ...anySubject, id: 'usr_a', role, teams })),
);
const questions = fc.array(
  fc.record({
    model: fc.oneof(names, fc.constantFrom('fast', 'best', 'FAST', 'constructor')),
    // One that names nobody is refused.
    subject: fc
      .option(fc.record({ id: ids, role: roles, teams }), { nil: undefined, freq: 5 })
      .filter((subject) => !subject || Object.values(subject).some((value) => value !== undefined)),
    at: times,
  }),
  { minLength: 100, maxLength: 100 },
);

afterEach(() => void vi.useRealTimers());

describe('the SDK', () => {
  it('decides as the service does, on 100,000 questions at random', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const text = catalogFileOf(catalog).plain.toString();
    const parsed = parseCatalog(text, 3);
    let allowed = 0;

    fc.assert(
      fc.property(policies, exceptions, told, questions, (policy, granted, known, asked) => {
        const snapshot = aSnapshot({ ...policy, exceptions: granted, revision: 7 });
        const file = snapshotFileOf(snapshot, {
          catalog,
          key: undefined,
          now: new Date('2026-11-20'),
          teams: { team_a: 'Research' },
          subjects: known ? { usr_a: known } : {},
        });
        const document = parseSnapshot(file.text, 'org_a');
        const texts = { snapshot: file.text, catalog: text, etag: file.etag, signature: null };
        const state = stateOf(document, parsed, texts);
        const decider = new Decider({ state, staleMs: 0, maxStaleMs: 1 }, {});

        for (const { model, subject, at } of asked) {
          vi.setSystemTime(at);
          const { id = null, role = null, teams = [] } = subject ?? {};
          const isTold = known !== undefined && id === 'usr_a';
          const own = isTold ? known : { ...anySubject, id, role, teams };
          const narrower =
            isTold && (subject?.role ?? subject?.teams)
              ? { ...known, role: subject?.role ?? known.role, teams: subject?.teams ?? known.teams }
              : undefined;
          const by = (one: Subject) => decisionsBy(snapshot, { catalog, now: at, subject: one });
          const access = by(own).decideName(model, narrower && by(narrower));

          const decision = decider.decide({ model, ...(subject ? { subject } : {}) } as never);

          const told = [decision.allowed, decision.reasons, decision.validUntil, decision.model];
          const { provider, modelId } = access.model ?? {};
          const right = [
            access.allowed,
            access.reasons,
            access.validUntil,
            access.model ? `${provider}/${modelId}` : null,
          ];
          // An `expect` for each would take most of the time.
          if (!isDeepStrictEqual(told, right)) expect(told, `${model} for ${JSON.stringify(subject)}`).toEqual(right);
          allowed += Number(decision.allowed);
        }
        expect(decider.models(asked[0]?.subject as never).map(({ model }) => model)).toEqual(
          catalog.models
            .map(({ provider, modelId }) => `${provider}/${modelId}`)
            .filter((model) => decider.decide({ model, subject: asked[0]?.subject } as never).allowed),
        );
      }),
      { numRuns: 1_000 },
    );

    expect(allowed).toBeGreaterThan(10_000);
    expect(allowed).toBeLessThan(90_000);
  }, 300_000);

  it('knows teams by the names that the snapshot has', () => {
    const snapshot = aSnapshot({
      ...defaultPolicy,
      scopes: { team_a: { disabledProviders: ['openai'], disabledModels: [], allowedModels: null } },
    });
    const text = catalogFileOf(catalog).plain.toString();
    const facts = { catalog, key: undefined, now: new Date(), teams: { team_a: 'Research' }, subjects: {} };
    const file = snapshotFileOf(snapshot, facts);
    const texts = { snapshot: file.text, catalog: text, etag: file.etag, signature: null };
    const state = stateOf(parseSnapshot(file.text, 'org_a'), parseCatalog(text, 3), texts);
    const decider = new Decider({ state, staleMs: 0, maxStaleMs: 1 }, {});
    const model = catalog.models.find(({ provider, retiresAt }) => provider === 'openai' && retiresAt === null);

    const of = (team: string) => decider.decide({ model: model?.id ?? '', subject: { teams: [team] } }).reasons;

    expect([of('Research'), of('team_a'), of('research'), of('team_b')]).toEqual([
      ['PROVIDER_DISABLED'],
      ['PROVIDER_DISABLED'],
      [],
      [],
    ]);
  });
});
