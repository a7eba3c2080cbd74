import { fromNow } from '../format.ts';
import type { Model } from '../state/models.ts';
import { words } from '../words.ts';

/** Whether a model may be used, as a word, with the most important reason. */
export function ModelState({ model: { access, lifecycle } }: { model: Pick<Model, 'access' | 'lifecycle'> }) {
  const { allowed, reasons, exception } = access;
  const [reason] = reasons;
  return (
    <>
      <strong class={`state ${allowed ? 'allowed' : 'refused'}`}>{allowed ? words.allowed : words.refused}</strong>
      {!allowed && reason && <small>{words.reasons[reason]}</small>}
      {exception && <small>{words.byException(fromNow(exception.until))}</small>}
      {allowed && lifecycle !== 'ACTIVE' && <small>{words.lifecycles[lifecycle]}</small>}
    </>
  );
}
