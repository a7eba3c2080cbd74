import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWindows } from '../../src/server/limits/windows.ts';

const policy = { name: 'viewer', points: 10, windowSeconds: 60 };

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
afterEach(() => void vi.useRealTimers());

describe('windows', () => {
  it('begin with the first point, and are exceeded by the first too many', () => {
    const spend = createWindows(policy);

    expect(spend('a', 4)).toEqual({ policy, isExceeded: false, remainingPoints: 6, seconds: 60 });
    vi.advanceTimersByTime(20_500);
    expect(spend('a', 6)).toEqual({ policy, isExceeded: false, remainingPoints: 0, seconds: 40 });
    expect(spend('a', 1)).toEqual({ policy, isExceeded: true, remainingPoints: 0, seconds: 40 });
  });

  it('are never longer than they are, whatever fraction of a millisecond they begin at', () => {
    vi.spyOn(performance, 'now').mockReturnValue(34505.45357543366);

    expect(createWindows(policy)('a', 1).seconds).toBe(60);
  });

  it('are of one key each, and end by themselves', () => {
    const spend = createWindows(policy);
    spend('a', 11);
    vi.advanceTimersByTime(30_000);

    expect(spend('b', 11).isExceeded).toBe(true);
    vi.advanceTimersByTime(30_000);

    expect(spend('a', 1)).toMatchObject({ isExceeded: false, remainingPoints: 9, seconds: 60 });
    expect(spend('b', 1)).toMatchObject({ isExceeded: true, seconds: 30 });
  });
});
