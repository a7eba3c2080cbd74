import { vi } from 'vitest';
import type { World } from './world.ts';

interface Event {
  id?: string;
  event?: string;
  data?: string;
}

/** Follows the snapshot of a world's organization, at the port of a service. */
export async function followSnapshot(
  at: string,
  { organization }: Pick<World, 'organization'>,
  token: string,
  query = '',
) {
  const leaving = new AbortController();
  const response = await fetch(`${at}/v1/organizations/${organization.id}/snapshot/stream${query}`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  const events: Event[] = [];
  let comments = 0;
  let isOver = false;
  const read = async () => {
    let rest = '';
    for await (const chunk of response.body ?? []) {
      rest += Buffer.from(chunk).toString();
      const parts = rest.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) {
        if (part.startsWith(':')) comments += 1;
        else events.push(Object.fromEntries(part.split('\n').map((line) => line.split(/: (.*)/, 2))));
      }
    }
  };
  const reading = read()
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  return {
    response,
    events,
    comments: () => comments,
    isOver: () => isOver,
    /** Resolves with the event after so many. */
    after: async (count: number) => {
      await vi.waitUntil(() => events.length > count, { timeout: 10_000 });
      return events[count];
    },
    over: () => vi.waitUntil(() => isOver, { timeout: 10_000 }),
    leave: async () => {
      leaving.abort();
      await reading;
    },
  };
}
