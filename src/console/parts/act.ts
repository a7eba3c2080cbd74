import { done, failed } from '../state/notice.ts';
import { refusalOf } from '../state/refusal.ts';
import { changed } from '../state/revision.ts';

/**
 * Makes a change at once, without a draft. Answers why it was refused, in a sentence; undefined where it was made: then `says` is
 * shown, and what it may have changed is read anew.
 */
export async function act(
  change: () => Promise<{ __typename: string; message?: string }>,
  says: string,
): Promise<string | undefined> {
  try {
    const refusal = refusalOf(await change());
    if (refusal !== undefined) return refusal;
    done(says);
    changed();
    return undefined;
  } catch (error) {
    failed(error);
    return error instanceof Error ? error.message : String(error);
  }
}
