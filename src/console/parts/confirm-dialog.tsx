import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { Dialog } from './dialog.tsx';
import { ReasonField } from './reason-field.tsx';

interface ConfirmDialogProps {
  title: string;
  label: string;
  isDangerous?: boolean;
  /** Whether the change has a reason. */
  hasReason?: boolean;
  /** Answers why it was refused; undefined where it was done. */
  act: (reason: string) => Promise<string | undefined>;
  onClose: () => void;
  children?: ComponentChildren;
}

/** Asks before something is done that has no draft. What is wrong stands in it. */
export function ConfirmDialog({
  title,
  label,
  isDangerous = false,
  hasReason,
  act,
  onClose,
  children,
}: ConfirmDialogProps) {
  const reason = useSignal('');
  const problem = useSignal<string | undefined>(undefined);
  const submit = async () => {
    problem.value = await act(reason.value.trim());
    if (problem.value === undefined) onClose();
  };
  return (
    <Dialog title={title} onClose={onClose} submit={{ label, act: submit, isDangerous }}>
      {children}
      {hasReason ? (
        <ReasonField value={reason} problem={problem.value} />
      ) : (
        problem.value !== undefined && (
          <p class="problem" role="alert">
            {problem.value}
          </p>
        )
      )}
    </Dialog>
  );
}
