import { signal } from '@preact/signals';
import { messageOf } from './refusal.ts';

interface Notice {
  kind: 'done' | 'problem';
  text: string;
}

/** What has just been done, or went wrong: shown until something else is. It is read out. */
export const notice = signal<Notice | undefined>();

export function done(text: string): void {
  notice.value = { kind: 'done', text };
}

/** What went wrong, where it belongs to no place of its own. What was given up is not told. */
export function failed(error: unknown): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  notice.value = { kind: 'problem', text: messageOf(error) };
}
