import { describe, expect, it } from 'vitest';
import { endOfDay, inDays, nextFriday } from '../../src/console/parts/until.ts';

describe('the end of an exception', () => {
  it.each([
    ['2026-11-23', '2026-11-27'],
    ['2026-11-26', '2026-11-27'],
    ['2026-11-27', '2026-12-04'],
    ['2026-11-28', '2026-12-04'],
  ])('is, on %s, the Friday %s', (today, friday) => {
    expect(nextFriday(new Date(`${today}T12:00:00`))).toBe(friday);
  });

  it('is at the end of its day, by the clock of the user', () => {
    expect(inDays(30, new Date('2026-12-15T23:59:00'))).toBe('2027-01-14');
    expect(new Date(endOfDay('2026-11-27')).getHours()).toBe(23);
    expect(new Date(endOfDay('2026-11-27')).getDate()).toBe(27);
  });
});
