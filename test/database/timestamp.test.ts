import fc from 'fast-check';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { parseTimestamp } from '../../src/database/pool/timestamp.ts';

describe('a moment as PostgreSQL writes it', () => {
  it.each([
    ['2026-11-22 12:34:56+00', '2026-11-22T12:34:56.000Z'],
    ['2026-11-22 12:34:56.7+00', '2026-11-22T12:34:56.700Z'],
    ['2026-11-22 12:34:56.057999+00', '2026-11-22T12:34:56.057Z'],
    ['2024-02-29 23:59:59.999+00', '2024-02-29T23:59:59.999Z'],
    ['1969-12-31 23:59:59.999+00', '1969-12-31T23:59:59.999Z'],
    ['0099-01-01 00:00:00+00', '0099-01-01T00:00:00.000Z'],
    ['12026-01-01 00:00:00+00', '+012026-01-01T00:00:00.000Z'],
    ['0044-03-15 12:00:00+00 BC', '-000043-03-15T12:00:00.000Z'],
    ['2026-11-22 12:34:56.789+05:30', '2026-11-22T07:04:56.789Z'],
    ['2026-11-22 12:34:56-00:30', '2026-11-22T13:04:56.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseTimestamp(text).toISOString()).toBe(moment);
  });

  it('is read to the millisecond, in whatever year', () => {
    const moments = fc.date({ noInvalidDate: true, min: new Date('0000-01-01'), max: new Date('9999-12-31') });
    fc.assert(
      fc.property(moments, (moment) => {
        const text = moment.toISOString().replace('T', ' ').replace('Z', '+00');

        expect(parseTimestamp(text)).toEqual(moment);
      }),
    );
  });

  it.each(['infinity', '-infinity'])('is as pg has it where it is %s', (text) => {
    expect(parseTimestamp(text)).toEqual(pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)(text));
  });
});
