import { authorize } from '../../auth/permissions.ts';
import { viewerIdOf } from '../../auth/viewer.ts';
import type { OrganizationState } from '../../domain/ledger/snapshot.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { parseSubjectId } from '../../domain/subjects/subject.ts';
import { targetsOf } from '../../policy/alias.ts';
import type { Decisions } from '../../policy/decisions.ts';
import type { ModelAccess } from '../../policy/policy.ts';
import type { Call } from '../call.ts';
import { allowedModels, qualifiedId } from '../model-lists/listed-models.ts';
import { openAiError } from '../openai-error.ts';
import { organizationOf } from '../organization.ts';
import { json, type PointAnswer } from '../point.ts';
import { refusalText } from '../refusal-text.ts';
import { askedNames, severalModels } from './asked-names.ts';

/** Points of one request, as of the smallest query about a model. */
const cost = 3;

/** Characters of the body that are searched for a point: to search takes a tenth of the time of parsing. */
const searchedPerPoint = 20_000;

/** Bytes of the list of allowed models: all headers of an answer must fit into the 4 kB that nginx reads of them. */
const maxListBytes = 2_000;

/** A policy can change between two calls. */
const notStored = { 'cache-control': 'no-store' };

const subjectHeader = 'x-modelgate-subject';

type OwnDecisions = Decisions<OrganizationState>;

/** Answers 200 where the call may be forwarded, else 403 with the reasons. */
export function answerProxy(
  call: Call,
  { takesCutBodies }: { takesCutBodies: boolean },
): PointAnswer | Promise<PointAnswer> {
  const organizationId = organizationOf(call);
  const subjectId = subjectOf(call, organizationId);
  const asked = askedNames(call.request, takesCutBodies);
  const spent = call.spend(cost, searchedPerPoint);
  const decide = () => {
    if ('fault' in asked) return denied(asked.message, asked.fault, [asked.fault]);
    return withLoaded(call.context.decisions(organizationId, subjectId), (decisions) =>
      answerBy(decisions, asked.names, (name, access) => count(call, decisions, name, access)),
    );
  };
  return spent ? spent.then(decide) : decide();
}

/**
 * For whom the proxy asks; null: for its own credentials.
 * @throws ForbiddenError where it may not ask for others; ValidationError for what can be no subject, also an empty one
 */
function subjectOf({ context: { viewer }, request }: Call, organizationId: string): string | null {
  const named = request.headers.get(subjectHeader);
  if (named === null || named === viewerIdOf(viewer)) return null;
  authorize(viewer, 'readSubjects', organizationId);
  return parseSubjectId(named, subjectHeader);
}

/** Counts a refusal for the user or the API key that was refused. Whoever asks for another with a token of its own only looks. */
function count({ context }: Call, { state, subject: { id } }: OwnDecisions, name: string, access: ModelAccess): void {
  const { viewer } = context;
  if (id !== null && (viewer.service !== null || id === viewerIdOf(viewer)))
    context.countRefusal(state.organizationId, name, access, id);
}

function answerBy(
  decisions: OwnDecisions,
  names: readonly string[],
  onRefusal: (name: string, access: ModelAccess) => void,
): PointAnswer {
  const found = new Set<string>();
  let model = '';
  for (const name of names) {
    const access = decideForwarded(decisions, name);
    if (!access.allowed || !access.model) {
      onRefusal(name, access);
      return denied(refusalText(access, name, decisions.state), 'MODEL_NOT_ALLOWED', access.reasons);
    }
    model = qualifiedId(access.model);
    found.add(model);
  }
  if (found.size > 1) return denied(severalModels, 'MODEL_AMBIGUOUS', ['MODEL_AMBIGUOUS']);
  return json({ allowed: true, model }, 200, {
    ...notStored,
    'x-modelgate-model': model,
    'x-modelgate-allowed-models': listOf(allowedModels(decisions).map(qualifiedId)),
  });
}

/**
 * The decision about a name that a provider is sent as it is. Where an alias has the name of a model, the provider takes it for that
 * model: both must be allowed.
 */
function decideForwarded(decisions: OwnDecisions, name: string): ModelAccess {
  const access = decisions.decideName(name);
  const shadowed = targetsOf(decisions.state, name) && decisions.catalog.find(name);
  if (!access.allowed || !shadowed || shadowed.id === access.model?.id) return access;
  const direct = decisions.evaluate(shadowed);
  return direct.allowed ? access : direct;
}

/** As many as fit, each whole. */
function listOf(ids: readonly string[]): string {
  let list = '';
  for (const id of ids) {
    const next = list === '' ? id : `${list},${id}`;
    if (next.length > maxListBytes) break;
    list = next;
  }
  return list;
}

function denied(message: string, code: string, reasons: readonly string[]): PointAnswer {
  const answer = openAiError({ status: 403, message }, { param: 'model', code, reasons });
  return { ...answer, headers: { ...answer.headers, ...notStored, 'x-modelgate-reasons': reasons.join(',') } };
}
