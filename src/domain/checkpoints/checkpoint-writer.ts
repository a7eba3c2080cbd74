import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, withSignal } from '../../database/pool/client.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { SigningKey } from './signing-key.ts';
import { writeCheckpoints } from './write-checkpoints.ts';

interface CheckpointWriterOptions {
  db: Database;
  key: SigningKey;
  onCheckpoints: (checkpoints: readonly Checkpoint[]) => void;
  /** Called where a run has failed. It is tried again. */
  onFault: (error: unknown) => void;
  clock?: () => Date;
  /** How long, in ms, after its start the first run begins, and after each look at the clock the next look is. */
  firstMs?: number;
  everyMs?: number;
}

const minuteMs = 60_000;

/**
 * Writes the checkpoints of each day (UTC) once in the background, until it is closed. Every process does, one at a time: where
 * another one is at it, or a run has failed, it looks again later.
 */
export function startCheckpointWriter({
  db,
  key,
  onCheckpoints,
  onFault,
  clock = () => new Date(),
  firstMs = 2_000,
  everyMs = 10 * minuteMs,
}: CheckpointWriterOptions): { close: () => Promise<void> } {
  const stop = new AbortController();
  const { signal } = stop;
  const stoppable = withSignal(db, signal);
  let doneDay: string | undefined;

  const lookAtClock = async () => {
    const now = clock();
    const day = now.toISOString().slice(0, 10);
    if (day === doneDay) return;
    try {
      if (await writeCheckpoints(stoppable, { key, now, onCheckpoints })) doneDay = day;
    } catch (error) {
      if (!signal.aborted) onFault(error);
    }
  };
  const run = async () => {
    // It must not keep the process running.
    const wait = (ms: number) => sleep(ms, undefined, { signal, ref: false });
    for (await wait(firstMs); ; await wait(everyMs)) await lookAtClock();
  };
  // Ends by the signal alone.
  const ended = run().catch(() => {});

  return {
    close: () => {
      stop.abort();
      return ended;
    },
  };
}
