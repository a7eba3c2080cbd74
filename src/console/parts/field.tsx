import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  problem?: string | undefined;
  /** The control, which gets the ids that tie it to its label and to what is said of it. */
  children: (ids: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ComponentChildren;
}

/** A control with its label, what it is for, and what is wrong with what was typed. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-hint`, 'aria-invalid': problem !== undefined })}
      <small id={`${id}-hint`} {...(problem !== undefined && { class: 'problem', role: 'alert' })}>
        {problem ?? hint}
      </small>
    </div>
  );
}
