import { isLive } from '../graph/live.ts';
import { isReachable } from '../graph/send.ts';
import { words } from '../words.ts';

/** Whether the page hears of what others change: by a word as well as by its colour. */
export function LiveDot() {
  const state = isLive.value ? 'live' : isReachable.value ? 'connecting' : 'offline';
  return (
    <span class={`dot ${state}`} role="status">
      {words.live[state]}
    </span>
  );
}
