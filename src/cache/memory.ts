import type { Snapshot } from '../policy/policy.ts';
import { type Freshness, neverFresh } from './freshness.ts';
import { createRemembered, type Remembered } from './remembered.ts';

/** What one process remembers of organizations, for all its requests. */
export interface Memory {
  freshness: Freshness;
  snapshots: Remembered<Snapshot>;
  /** The providers that each has active keys of its own at. */
  ownKeyProviders: Remembered<ReadonlySet<string>>;
}

export function createMemory(freshness: Freshness): Memory {
  return { freshness, snapshots: createRemembered(), ownKeyProviders: createRemembered() };
}

/** For work that must see its own transaction, and nothing else. */
export const noMemory: Memory = createMemory(neverFresh);
