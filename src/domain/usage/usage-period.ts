import { z } from 'zod';
import { ValidationError } from '../../errors/base.ts';
import { parseInput } from '../input/validation.ts';

/** A span of whole hours (UTC), `from` inclusive, `to` exclusive; null is unbounded. */
export interface Period {
  from: Date | null;
  to: Date | null;
}

/** The width of the points of a series. */
export const granularities = ['HOUR', 'DAY', 'MONTH'] as const;
export type Granularity = (typeof granularities)[number];

/** The earliest moment that usage can have. */
export const firstMoment = new Date('2000-01-01T00:00:00Z');
const lastMoment = new Date('9999-12-31T00:00:00Z');

/** The maximum number of points of a series. */
export const maxPoints = 1_000;

const hour = 3_600_000;
const day = 24 * hour;

const moment = z
  .date()
  .min(firstMoment, 'must not be before the year 2000')
  .max(lastMoment, 'must not be after the year 9999')
  .nullish()
  .transform((at) => (at ? down(at, hour) : null));
const GivenPeriod = z.object({ from: moment, to: moment });

/**
 * The period between two times, each rounded down to its hour, so that adjacent periods do not overlap.
 * @throws ValidationError
 */
export function parsePeriod(input: { from?: Date | null | undefined; to?: Date | null | undefined }): Period {
  const period = parseInput(GivenPeriod, input);
  if (period.from && period.to && period.from >= period.to) {
    throw new ValidationError([{ path: 'to', message: 'must be in a later hour than `from`' }]);
  }
  return period;
}

/** The beginning of a day in UTC. */
export function beginningOfDay(at: Date): Date {
  return down(at, day);
}

/** Splits a period into whole days, which are fewer rows to read, and the hours before and after them. */
export function piecesOf(period: Period): { days: Period | null; hours: Period[] } {
  const { from, to } = period;
  const firstDay = from && down(new Date(from.getTime() + day - 1), day);
  const endOfDays = to && down(to, day);
  if (firstDay && endOfDays && firstDay >= endOfDays) return { days: null, hours: [period] };

  const edges = [
    { from, to: firstDay },
    { from: endOfDays, to },
  ];
  return {
    days: { from: firstDay, to: endOfDays },
    hours: edges.filter((edge) => edge.from && edge.to && edge.from < edge.to),
  };
}

/** The beginnings of the hours, days or months that a period touches, as far as `limit`. */
export function pointsOf({ from, to }: { from: Date; to: Date }, granularity: Granularity, limit: number): Date[] {
  const points: Date[] = [];
  let at = beginningOf(from, granularity);
  while (at < to && points.length < limit) {
    points.push(at);
    at = nextAfter(at, granularity);
  }
  return points;
}

/** An upper bound of the points of a series, to compute the cost of a query before it is validated. */
export function pointsIn(from: Date, to: Date, granularity: Granularity): number {
  const unit = granularity === 'HOUR' ? hour : granularity === 'DAY' ? day : 28 * day;
  return Math.min(maxPoints, Math.max(0, Math.ceil((to.getTime() - from.getTime()) / unit)) + 1);
}

function beginningOf(at: Date, granularity: Granularity): Date {
  if (granularity === 'MONTH') return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth()));
  return down(at, granularity === 'DAY' ? day : hour);
}

function nextAfter(at: Date, granularity: Granularity): Date {
  if (granularity === 'MONTH') return new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1));
  return new Date(at.getTime() + (granularity === 'DAY' ? day : hour));
}

function down(at: Date, unit: number): Date {
  return new Date(Math.floor(at.getTime() / unit) * unit);
}
