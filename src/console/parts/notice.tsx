import { notice } from '../state/notice.ts';
import { words } from '../words.ts';

/** What has just been done, or went wrong. It is always there, so that what comes into it is read out. */
export function Notice() {
  const { kind, text } = notice.value ?? {};
  return (
    <div class={`notice ${kind ?? ''}`} role="status" aria-live="polite">
      {text !== undefined && (
        <>
          <p>{text}</p>
          <button type="button" aria-label={words.dismiss} onClick={() => (notice.value = undefined)}>
            ×
          </button>
        </>
      )}
    </div>
  );
}
