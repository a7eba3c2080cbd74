import type { ComponentChildren } from 'preact';
import { words } from '../words.ts';

/** What is wider than a narrow window, as a table: it is scrolled by itself, also by the keyboard. */
export function Scroll({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no mouse scrolls it by the keyboard.
    <section class="scroll" aria-label={words.table(label)} tabIndex={0}>
      {children}
    </section>
  );
}
