import { UsageError } from '../command.ts';
import { ask, type Connection, unauthenticated } from '../graph/graph.ts';
import { applyPolicy, type Preview, type Refusal } from './apply-operation.ts';
import { nameOf } from './documents.ts';

/** A document that an organization's policy shall follow. */
export interface Wanted {
  organizationId: string;
  /** Where it was read, for messages. */
  file: string;
  text: string;
}

/** What a document would change. */
export interface Plan extends Wanted {
  preview: Preview;
}

/** What the service has refused: it was not done. */
export class RefusedError extends UsageError {}

/** Asks what a document would change, and whether the reason may be given. @throws UsageError */
export async function planPolicy(connection: Connection, wanted: Wanted, reason: string | undefined): Promise<Plan> {
  const { organizationId, text: document } = wanted;
  const preview = await send(connection, wanted, { organizationId, document, reason, dryRun: true });
  if (!('changes' in preview)) throw new UsageError(`${organizationId}: the service made no plan.`);
  return { ...wanted, preview };
}

/** Makes what was planned so, unless the organization has changed since. Answers its revision. @throws UsageError */
export async function applyPlan(connection: Connection, plan: Plan, reason: string | undefined): Promise<number> {
  const { organizationId, text: document, preview } = plan;
  const input = { organizationId, document, reason, expectedRevision: preview.revision };
  const { revision } = await send(connection, plan, input);
  return revision;
}

async function send(connection: Connection, wanted: Wanted, input: object) {
  const { applyPolicy: outcome } = await ask(connection, applyPolicy, { input });
  if ('code' in outcome) throw new RefusedError(explain(outcome, wanted));
  return outcome;
}

function explain(refusal: Refusal, { organizationId, file }: Wanted): string {
  const { code, message, issues, validProviders = [], expectedRevision, currentRevision } = refusal;
  const name = nameOf(file);
  switch (code) {
    case 'VALIDATION_ERROR':
      return (issues ?? [])
        .map((issue) => [placeOf(name, issue), issue.path, issue.message].filter(Boolean).join(': '))
        .join('\n');
    case 'INVALID_PROVIDER_SLUG':
      return `${name}: ${message}. There are: ${validProviders.join(', ')}.`;
    case 'REVISION_CONFLICT':
      return `${organizationId}: somebody changed it after it was planned (revision ${expectedRevision} then, ${currentRevision} now). Plan again.`;
    case 'AUTHENTICATION_REQUIRED':
      return unauthenticated(message);
    case 'UNKNOWN_MODEL':
    case 'DEFAULT_MODEL_DISABLED':
      return `${name}: ${message}.`;
    default:
      return `${organizationId}: ${message}.`;
  }
}

/** A fault without a line is of the document as a whole, or of a parameter, which its path names. */
function placeOf(name: string, { line, column, path }: NonNullable<Refusal['issues']>[number]): string {
  if (line === null) return path === '' ? name : '';
  return `${name}:${line}:${column ?? 1}`;
}
