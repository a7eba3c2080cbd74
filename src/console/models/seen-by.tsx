import { seenBy } from '../state/models.ts';
import { nameOf } from '../state/names.ts';
import { words } from '../words.ts';

/** Says through whose eyes the lists are shown, and leads back to one's own. */
export function SeenBy({ id }: { id: string }) {
  return (
    <p class="seen-by" role="status">
      {words.models.seenBy(nameOf(id))}{' '}
      <button type="button" onClick={() => (seenBy.value = undefined)}>
        {words.models.ownEyes}
      </button>
    </p>
  );
}
