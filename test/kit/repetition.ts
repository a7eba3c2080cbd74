import { AsyncLocalStorage } from 'node:async_hooks';
import { expect } from 'vitest';
import type { ServerOptions } from '../../src/server/options.ts';

/** Reads again, unseen, and expects what was read before. */
export type Repeat = <Value>(first: Value, readAgain: () => Promise<Value>) => Promise<void>;

/** Repeats reads of a service, so that the second answer, which may be a kept one, is compared with the first. */
export interface Repetition {
  /** Whether what happens belongs to a repeated read: a test sees neither its statements nor its log lines. */
  isUnderWay: () => boolean;
  repeat: Repeat;
}

/** Nothing is repeated where nothing is cached, nor where a test counts what its requests cost. */
export function createRepetition({ cache, limits }: Pick<ServerOptions, 'cache' | 'limits'>): Repetition {
  const underWay = new AsyncLocalStorage<true>();
  const isOff = cache?.bytes === 0 || limits?.viewerPoints !== undefined || limits?.addressPoints !== undefined;
  return {
    isUnderWay: () => underWay.getStore() === true,
    repeat: async (first, readAgain) => {
      if (isOff) return;
      const second = await underWay.run(true, readAgain);
      expect(second, 'the answer to the same read, sent again').toEqual(first);
    },
  };
}
