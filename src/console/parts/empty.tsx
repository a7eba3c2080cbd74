import type { ComponentChildren } from 'preact';

/** What stands where a list has no entries: why, and what can be done. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** While something is read for the first time. It has the height of what comes, so that nothing jumps. */
export function Loading({ label }: { label: string }) {
  return (
    <p class="loading" role="status">
      {label}
    </p>
  );
}
