import type { ComponentChildren } from 'preact';
import { words } from '../words.ts';

interface FilterProps<Kind extends string> {
  text: string;
  example: string;
  onText: (text: string) => void;
  /** The kinds of entries of which one is shown; absent: there are none. */
  kinds?: { chosen: Kind; labels: Readonly<Record<Kind, string>>; onChoose: (kind: Kind) => void };
  children?: ComponentChildren;
}

/** What a list is searched for, and which kind of its entries is shown. */
export function Filter<Kind extends string>({ text, example, onText, kinds, children }: FilterProps<Kind>) {
  return (
    <search class="filter">
      <label>
        {words.search}
        <input
          type="search"
          value={text}
          placeholder={example}
          onInput={({ currentTarget }) => onText(currentTarget.value)}
        />
      </label>
      {kinds && (
        <label>
          {words.show}
          <select value={kinds.chosen} onChange={({ currentTarget }) => kinds.onChoose(currentTarget.value as Kind)}>
            {Object.entries<string>(kinds.labels).map(([kind, label]) => (
              <option key={kind} value={kind}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {children}
    </search>
  );
}
