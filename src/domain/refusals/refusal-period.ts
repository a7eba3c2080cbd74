import { parsePeriod } from '../usage/usage-period.ts';

/** Days after which counts of refusals are no longer told, and deleted. */
export const daysKept = 90;

/** The beginning of what is kept. */
export function keptSince(now: Date): Date {
  return new Date(now.getTime() - daysKept * 24 * 3_600_000);
}

/** The period of a list: whole hours, `from` inclusive, `to` exclusive. */
export interface RefusalPeriod {
  from: Date;
  to: Date;
}

/**
 * The period between two times, each rounded down to its hour, cut to what is kept.
 * @throws ValidationError
 */
export function parseRefusalPeriod(input: RefusalPeriod, now: Date): RefusalPeriod {
  const { from, to } = parsePeriod(input);
  const kept = keptSince(now);
  return { from: from && from > kept ? from : kept, to: to ?? input.to };
}
