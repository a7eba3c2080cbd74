import { done } from '../state/notice.ts';
import { messageOf, refusalOf } from '../state/refusal.ts';
import { changed } from '../state/revision.ts';

/**
 * Makes a change at once, without a draft. Answers why it was not made, in a sentence, to be shown where the user is; undefined where
 * it was: then `says` is shown, and what it may have changed is read anew.
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
    return messageOf(error);
  }
}
