import { signal } from '@preact/signals';
import { messageOf } from './refusal.ts';

interface Notice {
  kind: 'done' | 'problem';
  text: string;
}

/** What has just been done, or went wrong: shown until something else is. It is read out. */
export const notice = signal<Notice | undefined>();

/** How long what was done is shown, in ms. What went wrong stays until it is dismissed. */
const doneMs = 8_000;

export function done(text: string): void {
  const shown = { kind: 'done', text } as const;
  notice.value = shown;
  setTimeout(() => {
    if (notice.value === shown) notice.value = undefined;
  }, doneMs);
}

/** What was done, but not as it was meant. */
export function warn(text: string): void {
  notice.value = { kind: 'problem', text };
}

/** What went wrong, where it belongs to no place of its own. What was given up is not told. */
export function failed(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  warn(messageOf(error));
}
