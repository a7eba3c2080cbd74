import { describe, expect, it } from 'vitest';
import { startService } from '../kit/service.ts';
import { aReport, ReadSeries, ReadUsage, record } from '../kit/usage.ts';

const service = await startService();
const { ask, aWorld } = service;

async function aBusyWorld() {
  const world = await aWorld();
  await record(service, world.organization, world.admin, [
    aReport({ usedAt: '2026-01-31T23:30:00Z' }),
    aReport({ usedAt: '2026-02-01T00:30:00Z', modelKey: 'claude-sonnet-4-6' }),
    aReport({ usedAt: '2026-02-03T12:00:00Z' }),
    aReport({ usedAt: '2026-02-03T13:00:00Z', modelKey: 'openai/unheard-of' }),
  ]);
  return world;
}

const hours = { granularity: 'HOUR', from: '2026-01-31T23:00:00Z', to: '2026-02-01T02:00:00Z' } as const;
const days = { granularity: 'DAY', from: '2026-01-31T00:00:00Z', to: '2026-02-04T00:00:00Z' } as const;
const months = { granularity: 'MONTH', from: '2025-12-01T00:00:00Z', to: '2026-03-01T00:00:00Z' } as const;

describe('modelUsageSeries', () => {
  it.each([
    ['hours', hours, ['2026-01-31T23 1', '2026-02-01T00 1', '2026-02-01T01 0']],
    ['days', days, ['2026-01-31T00 1', '2026-02-01T00 1', '2026-02-02T00 0', '2026-02-03T00 2']],
    ['months', months, ['2025-12-01T00 0', '2026-01-01T00 1', '2026-02-01T00 3']],
    ['one model', { ...months, modelKey: 'gpt-4o' }, ['2025-12-01T00 0', '2026-01-01T00 1', '2026-02-01T00 1']],
    ['one provider', { ...months, provider: 'openai' }, ['2025-12-01T00 0', '2026-01-01T00 1', '2026-02-01T00 2']],
    [
      'a model that the catalog does not have',
      { ...days, modelKey: 'openai/unheard-of' },
      ['2026-01-31T00 0', '2026-02-01T00 0', '2026-02-02T00 0', '2026-02-03T00 1'],
    ],
  ])('has a point for each of the %s, without use too', async (_, question, expected) => {
    const { organization, member } = await aBusyWorld();

    const { data } = await ask(ReadSeries, { organizationId: organization.id, ...question }, { as: member });

    expect(data?.modelUsageSeries.map(({ at, usageCount }) => `${at.slice(0, 13)} ${usageCount}`)).toEqual(expected);
  });

  it('knows that nothing cost nothing, and that an unknown price is no 0', async () => {
    const { organization, member } = await aBusyWorld();
    const question = {
      ...days,
      granularity: 'HOUR',
      from: '2026-02-03T11:00:00Z',
      to: '2026-02-03T14:00:00Z',
    } as const;

    const { data } = await ask(ReadSeries, { organizationId: organization.id, ...question }, { as: member });

    expect(data?.modelUsageSeries.map(({ cost, unpricedCount }) => [cost, unpricedCount])).toEqual([
      ['0', '0'],
      ['0.0075', '0'],
      [null, '1'],
    ]);
  });

  it('adds up to the usage of the same period, however its ends lie', async () => {
    const { organization, member } = await aBusyWorld();
    const period = { from: '2026-02-01T00:40:00Z', to: '2026-02-03T13:10:00Z' };

    const question = { organizationId: organization.id, ...period };
    const series = await ask(ReadSeries, { ...question, granularity: 'DAY' }, { as: member });
    const usage = await ask(ReadUsage, question, { as: member });

    const total = (rows: { totalTokens: string }[] = []) => rows.reduce((sum, row) => sum + Number(row.totalTokens), 0);
    expect(series.data?.modelUsageSeries.map(({ usageCount }) => usageCount)).toEqual(['1', '0', '1']);
    expect(total(series.data?.modelUsageSeries)).toBe(total(usage.data?.modelConfigUsage));
  });

  it.each([
    ['more than 1,000 points', { ...hours, to: '2026-03-14T16:00:00Z' }, 'to'],
    ['a period that ends before it begins', { ...days, to: '2026-01-01T00:00:00Z' }, 'to'],
    ['an unknown provider', { ...days, provider: 'acme' }, 'provider'],
    ['an unknown model', { ...days, modelKey: 'unheard-of' }, 'modelKey'],
    ['a model key with a NUL', { ...days, modelKey: 'openai/\u0000' }, 'modelKey'],
  ])('refuses %s', async (_, question, path) => {
    const { organization, member } = await aWorld();

    const { errors } = await ask(ReadSeries, { organizationId: organization.id, ...question }, { as: member });

    expect(errors?.[0]?.extensions).toMatchObject({ code: 'VALIDATION_ERROR', details: { issues: [{ path }] } });
  });

  it('takes exactly 1,000 points', async () => {
    const { organization, member } = await aWorld();
    const question = { ...hours, to: '2026-03-14T15:00:00Z' };

    const { data } = await ask(ReadSeries, { organizationId: organization.id, ...question }, { as: member });

    expect(data?.modelUsageSeries).toHaveLength(1000);
  });
});
