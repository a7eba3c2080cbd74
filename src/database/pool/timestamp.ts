import pg from 'pg';

const zero = '0'.charCodeAt(0);
const parseAny: (text: string) => Date = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ);

/**
 * Parses a time as PostgreSQL writes it, truncated to milliseconds. Times in UTC with a year of four digits are parsed here,
 * three times as fast as by pg, which parses all others.
 */
export function parseTimestamp(text: string): Date {
  const length = text.length;
  const isUtc = text.charAt(4) === '-' && text.endsWith('+00');
  if (!isUtc || length < 22 || length > 29 || text.charCodeAt(0) === zero) return parseAny(text);

  const ms = milliseconds(text, length - 3);
  const year = pair(text, 0) * 100 + pair(text, 2);
  return new Date(Date.UTC(year, pair(text, 5) - 1, pair(text, 8), pair(text, 11), pair(text, 14), pair(text, 17), ms));
}

/** The number of two digits. */
function pair(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}

/** The milliseconds after the point; PostgreSQL omits trailing zeros. */
function milliseconds(text: string, end: number): number {
  let ms = 0;
  for (let at = 20, weight = 100; at < end && weight >= 1; at += 1, weight /= 10) {
    ms += (text.charCodeAt(at) - zero) * weight;
  }
  return ms;
}
