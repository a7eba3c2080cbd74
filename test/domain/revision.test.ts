import { describe, expect, it, onTestFinished } from 'vitest';
import { createDatabase } from '../../src/database/pool/client.ts';
import { changesOf, findRevisionsById, isHiddenFrom, type Revision } from '../../src/domain/ledger/revision.ts';
import { createTestDatabase } from '../kit/database.ts';
import { reviseQuickly } from '../kit/subscriptions.ts';
import { buildWorld } from '../kit/world.ts';

/** Of a revision, what is told of its subject. */
const about = (subjectId: string, before: object | null, after: object | null) =>
  ({ subjectId, before, after }) as Revision;

describe('what a revision changed', () => {
  it('is told by field, in order: what came and what went, and nothing of what stayed', () => {
    const before = { models: ['a', 'b'], isEnabled: true, name: 'One', same: { deep: [1] } };
    const after = { models: ['b', 'c'], isEnabled: false, name: null, same: { deep: [1] } };

    expect(changesOf(about('oms_a', before, after))).toEqual([
      { field: 'isEnabled', added: ['false'], removed: ['true'] },
      { field: 'models', added: ['c'], removed: ['a'] },
      { field: 'name', added: [], removed: ['One'] },
    ]);
    expect(changesOf(about('oms_a', null, { name: 'One' }))).toEqual([{ field: 'name', added: ['One'], removed: [] }]);
    expect(changesOf(about('oms_a', { name: 'One' }, null))).toEqual([{ field: 'name', added: [], removed: ['One'] }]);
  });

  it("is hidden where it is another user's own configuration, also once that is deleted", () => {
    const [own, shared] = [{ userId: 'usr_a' }, { userId: null }];

    expect([
      isHiddenFrom('usr_b', about('cfg_a', null, own)),
      isHiddenFrom('usr_b', about('cfg_a', own, null)),
      isHiddenFrom(null, about('cfg_a', own, own)),
    ]).toEqual([true, true, true]);
    expect([
      isHiddenFrom('usr_a', about('cfg_a', own, null)),
      isHiddenFrom('usr_b', about('cfg_a', null, shared)),
      isHiddenFrom('usr_b', about('cfg_a', shared, null)),
      isHiddenFrom('usr_b', about('usr_a', null, own)),
    ]).toEqual([false, false, false, false]);
  });
});

describe('revisions by their ids', () => {
  it('are found in the organizations that are named alone, in the order of the ids', async () => {
    const database = await createTestDatabase();
    const db = createDatabase(database.url);
    onTestFinished(async () => {
      await db.$disconnect();
      await database.drop();
    });
    const { organization, foreignOrganization, owner, stranger } = await buildWorld(db);
    await reviseQuickly(db, organization, { as: owner, times: 2 });
    await reviseQuickly(db, foreignOrganization, { as: stranger, times: 1 });
    const rows = await db.revision.findMany({ orderBy: [{ organizationId: 'asc' }, { number: 'desc' }] });
    const ids = ['rev_absent', ...rows.map(({ id }) => id)];

    const found = await findRevisionsById(db, { organizationIds: [organization.id] }, ids);

    expect(found.map((row) => row?.id ?? null)).toEqual([
      null,
      ...rows.map(({ id, organizationId }) => (organizationId === organization.id ? id : null)),
    ]);
  });
});
