import { describe, expect, it } from 'vitest';
import { createRecheck } from '../../src/domain/feed/recheck.ts';
import type { Follower, RevisionStream } from '../../src/domain/feed/revision-stream.ts';
import { ServiceUnavailableError, UnauthenticatedError } from '../../src/errors/base.ts';

/** Streams of these followers, and which of them have failed. `answers`: what each key is told when it is asked about again. */
function streamsOf(ids: readonly string[], answers: Record<string, (() => Error | undefined)[]>) {
  const failed: string[] = [];
  const asked: string[] = [];
  const streams = new Map<RevisionStream, Follower>();
  ids.forEach((id, index) => {
    const stream = { fail: () => void failed.push(`${id} ${index}`) } as unknown as RevisionStream;
    const reauthorize = async () => {
      asked.push(id);
      const error = answers[id]?.shift()?.();
      if (error) throw error;
    };
    streams.set(stream, { id, reauthorize } as unknown as Follower);
  });
  return { recheck: createRecheck(streams), failed, asked };
}

const revoked = () => new UnauthenticatedError('Your platform key has been deactivated');
const away = () => new ServiceUnavailableError();
const fine = () => undefined;
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the streams of platform keys', () => {
  it('end where the key was revoked, all of them by one question, and no others', async () => {
    const ids = ['plk_a', 'plk_a', 'plk_b', 'usr_a'];
    const { recheck, failed, asked } = streamsOf(ids, { plk_a: [revoked], plk_b: [revoked], usr_a: [revoked] });

    recheck.begin('plk_a');
    recheck.begin('usr_a');
    recheck.begin('org_x');
    await settled();

    expect({ failed, asked }).toEqual({ failed: ['plk_a 0', 'plk_a 1'], asked: ['plk_a'] });
  });

  it('are all asked about where anything may have changed unheard', async () => {
    const { recheck, failed, asked } = streamsOf(['plk_a', 'plk_b', 'api_a'], { plk_a: [fine], plk_b: [revoked] });

    recheck.begin(null);
    await settled();

    expect({ failed, asked }).toEqual({ failed: ['plk_b 1'], asked: ['plk_a', 'plk_b'] });
  });

  it.each([
    ['the service cannot answer', away],
    ['the statement was cancelled', () => new Error('cancelled')],
  ])('are asked about again where %s, and go on meanwhile', async (_what, fault) => {
    const { recheck, failed } = streamsOf(['plk_a'], { plk_a: [fault, fault, revoked] });

    recheck.begin('plk_a');
    await settled();
    recheck.retry();
    await settled();
    expect(failed).toEqual([]);
    recheck.retry();
    await settled();

    expect(failed).toEqual(['plk_a 0']);
    recheck.retry();
    await settled();
    expect(failed).toHaveLength(1);
  });
});
