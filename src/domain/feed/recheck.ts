import { isRetryable, UserError } from '../../errors/base.ts';
import type { Follower, RevisionStream } from './revision-stream.ts';

/** Reauthorizes the followers of streams whose access no ledger entry tells of: services by platform keys. */
export interface Recheck {
  /** To be called when the key of this id was changed, or with null when any may have been. */
  begin: (id: string | null) => void;
  /** Retries what could not be read. */
  retry: () => void;
}

/** Each key is read once, by one of its followers: what that may do depends on the key alone. */
export function createRecheck(streams: ReadonlyMap<RevisionStream, Follower>): Recheck {
  const waiting = new Set<string>();

  const check = async (id: string, { reauthorize }: Follower) => {
    try {
      await reauthorize();
    } catch (error) {
      if (!(error instanceof UserError) || isRetryable(error.code)) return void waiting.add(id);
      for (const [stream, follower] of streams) if (follower.id === id) stream.fail(error);
    }
  };
  const begin = (id: string | null) => {
    const checked = new Set<string>();
    for (const follower of streams.values()) {
      if (!follower.id.startsWith('plk_') || checked.has(follower.id) || (id ?? follower.id) !== follower.id) continue;
      checked.add(follower.id);
      void check(follower.id, follower);
    }
  };
  return {
    begin,
    retry: () => {
      const ids = [...waiting];
      waiting.clear();
      for (const id of ids) begin(id);
    },
  };
}
