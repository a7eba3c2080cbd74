import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import { type Context, renew } from '../../context.ts';
import { type Outcome, once } from '../../domain/idempotency/idempotency.ts';
import { UnauthenticatedError, ValidationError } from '../../errors/base.ts';

/**
 * Does the work once for the caller's key, in a context whose changes and answer are one transaction.
 * @throws IdempotencyKeyReusedError, IdempotencyInProgressError, UnauthenticatedError, ValidationError for a key that cannot be
 */
export async function answerOnce<Answer>(
  context: Context,
  { key, asked }: { key: string; asked: string },
  work: (context: Context) => Promise<Outcome<Answer>>,
): Promise<{ answer: Answer; isReplay: boolean }> {
  const { viewer } = context;
  const access = [...viewer.memberships].map((membership) => membership.join(' '));
  const attempt = { callerId: callerIdOf(viewer), key, asked, access };
  if (!/^[!-~]{1,255}$/.test(key)) {
    throw new ValidationError([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  const answered = await once(
    context.database(),
    context.vault(),
    attempt,
    (tx) => work(renew(context, context.within(tx))),
    // Others do not see a transaction before it is over: what they have read meanwhile is as it was before.
  ).finally(context.invalidate);
  await context.awaitPeers(answered.isReplay);
  return answered;
}

/** Where the token names an organization, the same user may ask the same for another one. */
function callerIdOf(viewer: Viewer): string {
  const viewerId = viewerIdOf(viewer);
  if (viewerId === null) throw new UnauthenticatedError();
  return viewer.membershipFromToken ? [viewerId, ...viewer.memberships.keys()].join(' ') : viewerId;
}
