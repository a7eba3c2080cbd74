import type { Context } from '../../context.ts';
import type { CauseKey } from '../../domain/policy/policy-causes.ts';
import { kindOfSubject } from '../../policy/subject.ts';

/** A cause as a sentence that a person can act on; without what is not known, or not visible to the viewer. */
export async function causeInWords(cause: CauseKey, context: Context): Promise<string> {
  const [whom, origin] = await Promise.all([findWhom(cause.subjectId, context), context.policies.origins.load(cause)]);
  const user = origin?.actorId ? await context.knownUsers.load(origin.actorId) : null;
  const by = user?.name ? ` by ${user.name}` : '';
  const since = origin ? `${by} on ${dayOf(origin.at)}` : '';
  const why = origin?.reason ? `: ${origin.reason}` : '';
  return `${said(cause, whom, since)}${why}`;
}

function said({ reason, entry }: CauseKey, whom: string, since: string): string {
  switch (reason) {
    case 'PROVIDER_DISABLED':
      return `The provider ${entry} is switched off for ${whom}${since}`;
    case 'MODEL_DISABLED':
      return `"${entry}" is switched off for ${whom}${since}`;
    case 'NOT_ALLOWED':
      return `Not on the allow list of ${whom}${since && `, which was changed${since}`}`;
    case 'PENDING_REVIEW':
      return `New, and not reviewed yet${since && `; that new models wait was said${since}`}`;
  }
}

async function findWhom(subjectId: string | null, context: Context): Promise<string> {
  if (subjectId === null) return 'the organization';
  switch (kindOfSubject(subjectId)) {
    case 'ROLE':
      return `the role ${subjectId.replace('role_', '').toUpperCase()}`;
    case 'TEAM':
      return named('a team', await context.teams.byId.load(subjectId));
    case 'API_KEY':
      return named('an API key', await context.apiKeys.byId.load(subjectId));
    default:
      return named('a user', await context.knownUsers.load(subjectId));
  }
}

function named(kind: string, found: { name: string | null } | null): string {
  return found?.name ? `${kind.replace(/^an? /, '')} ${found.name}` : kind;
}

function dayOf(at: Date): string {
  return at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
}
