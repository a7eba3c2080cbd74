import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { granularities, parsePeriod, piecesOf, pointsOf } from '../../src/domain/usage/usage-period.ts';

const hour = 3_600_000;
const start = Date.UTC(2026, 1, 26);
const moments = fc.integer({ min: 0, max: 24 * 6 }).map((hours) => new Date(start + hours * hour));
const periods = fc
  .tuple(fc.option(moments), fc.option(moments))
  .filter(([from, to]) => !from || !to || from < to)
  .map(([from, to]) => ({ from, to }));

describe('the pieces of a period', () => {
  it('hold every hour of it once, and no other; whole days in one piece', () => {
    fc.assert(
      fc.property(periods, moments, (period, at) => {
        const { days, hours } = piecesOf(period);
        const holds = ({ from, to }: typeof period, moment: Date) => !(from && moment < from) && !(to && moment >= to);
        // A day that is counted whole must lie in the period whole.
        const day = new Date(Math.floor(at.getTime() / (24 * hour)) * 24 * hour);
        const times = [...(days && holds(days, day) ? [days] : []), ...hours.filter((piece) => holds(piece, at))]
          .length;

        expect(times).toBe(holds(period, at) ? 1 : 0);
        expect(hours.length).toBeLessThanOrEqual(2);
        for (const end of [days?.from, days?.to]) if (end) expect(end.getTime() % (24 * hour)).toBe(0);
      }),
    );
  });
});

describe('the points of a period', () => {
  it('begin with the one that holds its first hour, and end with the one that holds its last', () => {
    fc.assert(
      fc.property(moments, moments, fc.constantFrom(...granularities), (a, b, granularity) => {
        fc.pre(a < b);
        const points = pointsOf({ from: a, to: b }, granularity, 1000);

        expect(points[0]?.getTime()).toBeLessThanOrEqual(a.getTime());
        expect(points.at(-1)?.getTime()).toBeLessThan(b.getTime());
        expect(points.filter((point) => point <= a)).toHaveLength(1);
      }),
    );
  });
});

describe('a period', () => {
  it('is cut down to whole hours, so that periods in a row overlap nowhere', () => {
    const [a, b, c] = ['2026-03-01T10:59:59.999Z', '2026-03-01T12:30:00Z', '2026-03-01T14:00:00Z'].map(
      (at) => new Date(at),
    );

    const [first, second] = [parsePeriod({ from: a, to: b }), parsePeriod({ from: b, to: c })];

    expect(first).toEqual({ from: new Date('2026-03-01T10:00:00Z'), to: new Date('2026-03-01T12:00:00Z') });
    expect(second.from).toEqual(first.to);
  });
});
