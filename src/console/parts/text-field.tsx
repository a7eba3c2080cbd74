import type { Signal } from '@preact/signals';
import { Field } from './field.tsx';

interface TextFieldProps {
  label: string;
  hint?: string | undefined;
  problem?: string | undefined;
  value: Signal<string>;
  /** A secret is not shown, and no browser offers to keep it. */
  isSecret?: boolean;
  /** A day; no earlier one may be chosen. */
  from?: string;
}

/** A line of text that has to be given. */
export function TextField({ label, hint, problem, value, isSecret = false, from }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} problem={problem}>
      {(ids) => (
        <input
          {...ids}
          required
          {...(isSecret && { type: 'password', autocomplete: 'off' })}
          {...(from !== undefined && { type: 'date', min: from })}
          value={value.value}
          onInput={({ currentTarget }) => {
            value.value = currentTarget.value;
          }}
        />
      )}
    </Field>
  );
}
