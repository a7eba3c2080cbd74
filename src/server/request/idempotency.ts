import { isDelegatedStill } from '../../auth/delegation.ts';
import { type Viewer, viewerIdOf } from '../../auth/viewer.ts';
import type { Context } from '../../context.ts';
import type { Database } from '../../database/pool/client.ts';
import { type Outcome, once } from '../../domain/idempotency/idempotency.ts';
import { UnauthenticatedError, ValidationError } from '../../errors/base.ts';
import { type Recorded, recordOf } from './request-record.ts';

/**
 * Runs the work once for a key of the caller, in a context whose changes and answer are one transaction. Records a replay, for
 * the header of the response.
 * @throws IdempotencyKeyReusedError, IdempotencyInProgressError, UnauthenticatedError, ValidationError for an invalid key
 */
export async function answerOnce<Answer>(
  request: Recorded,
  context: Context,
  { key, asked }: { key: string; asked: string },
  work: (context: Context) => Promise<Outcome<Answer>>,
): Promise<Answer> {
  const { viewer } = context;
  const roles = new Set([...viewer.memberships].map((membership) => membership.join(' ')));
  const attempt = {
    callerId: callerIdOf(viewer),
    key,
    asked,
    access: () => [...roles, ...(viewer.delegated ?? [])],
    hasAccess: (tx: Database, place: string) => roles.has(place) || isDelegatedStill(context.within(tx), place),
  };
  if (!/^[!-~]{1,255}$/.test(key)) {
    throw new ValidationError([{ path: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' }]);
  }
  const { memberships, service } = viewer;
  const answered = await once(
    context.database(),
    context.vault(),
    attempt,
    (tx) => {
      // Of an attempt that was rolled back, and is retried, no membership or organization stays.
      viewer.memberships = memberships;
      viewer.service = service;
      return work(context.within(tx));
    },
    // After the commit: what others cached during the transaction is the state before it.
  ).finally(context.invalidate);
  const { answer, isReplay } = answered;
  await context.awaitPeers(isReplay);
  recordOf(request).isReplay = isReplay;
  return answer;
}

/**
 * With the organization, where the token, or the request of a platform key, names it: a key of the same caller in another
 * organization is another key.
 */
function callerIdOf(viewer: Viewer): string {
  const viewerId = viewerIdOf(viewer);
  if (viewerId === null) throw new UnauthenticatedError();
  const { service, organizationFromToken } = viewer;
  const organizationId = service?.key === 'PLATFORM' ? service.organizationIds[0] : organizationFromToken;
  return organizationId ? `${viewerId} ${organizationId}` : viewerId;
}
