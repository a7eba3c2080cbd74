import type { Signal } from '@preact/signals';
import { words } from '../words.ts';
import { Field } from './field.tsx';

/** Asks why: the history keeps it. What is wrong with the whole form stands below. */
export function ReasonField({ value, problem }: { value: Signal<string>; problem?: string | undefined }) {
  return (
    <Field label={words.reason} hint={words.draft.reasonHint} problem={problem}>
      {(ids) => (
        <textarea
          {...ids}
          required
          maxLength={500}
          rows={2}
          value={value.value}
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value;
          }}
        />
      )}
    </Field>
  );
}
