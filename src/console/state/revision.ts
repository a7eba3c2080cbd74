import { signal } from '@preact/signals';

/** Grows with each change of the organization that the page hears of, and of its own: whoever reads it reads again. */
export const changes = signal(0);

export function changed(): void {
  changes.value += 1;
}
