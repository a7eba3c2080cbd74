import { hash } from 'node:crypto';
import type { Context } from '../../context.ts';
import type { Decisions } from '../../policy/decisions.ts';

/**
 * The entity tag of a list: by the stamp of its decisions, the moment until which they hold, and for whom and in which form it is.
 * Some forms tell the lifecycle of a day.
 */
export function entityTagOf(
  { state, catalog, subject, now }: Decisions,
  { dependencies }: Context,
  form: string,
): string {
  const until = dependencies.decisions?.validUntil?.getTime() ?? '';
  const day = now.toISOString().slice(0, 10);
  const about = hash('sha256', JSON.stringify([state.organizationId, subject, form, day]), 'base64url').slice(0, 16);
  return `"${state.revision}.${catalog.version}.${until}.${about}"`;
}
