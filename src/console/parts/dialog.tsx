import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { session } from '../session/session.ts';
import { words } from '../words.ts';
import { SignIn } from './sign-in.tsx';

interface DialogProps {
  title: string;
  onClose: () => void;
  /** What the form does; absent: there is nothing to do but to close it. */
  submit?: { label: string; act: () => void | Promise<void>; isDisabled?: boolean; isDangerous?: boolean };
  children: ComponentChildren;
}

/**
 * A dialog over the page. Escape closes it, and the focus goes back to where it came from, or to the content where that is gone.
 * Nothing else can be reached meanwhile: where the sign-in ends, it is asked for here.
 */
export function Dialog({ title, onClose, submit, children }: DialogProps) {
  const shown = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const opener = document.activeElement;
    shown.current?.showModal();
    // What goes together with the dialog is gone only then.
    return () =>
      queueMicrotask(() => {
        if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
        else document.querySelector('main')?.focus();
      });
  }, []);
  return (
    <dialog ref={shown} aria-labelledby={id} onClose={onClose}>
      {session.who.value.status !== 'signed-in' && <SignIn />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit?.act();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="actions">
          {submit && (
            <button type="submit" class={submit.isDangerous ? 'danger' : 'primary'} disabled={submit.isDisabled}>
              {submit.label}
            </button>
          )}
          <button type="button" onClick={() => shown.current?.close()}>
            {submit ? words.cancel : words.close}
          </button>
        </div>
      </form>
    </dialog>
  );
}
