import { authorize } from '../../auth/permissions.ts';
import { findSubjectIds, type ListedKind } from '../../domain/subjects/subject-list.ts';
import { roleIds } from '../../policy/subject.ts';
import type { Call } from '../call.ts';
import type { PointAnswer } from '../point.ts';
import { mayAct } from './decision.ts';
import { type Entity, readAction, readEntity, readType } from './entities.ts';
import { Evaluator } from './evaluator.ts';
import { type PageAsked, readPage, tokenAfter } from './pages.ts';
import { answerPage } from './search.ts';
import { isSubjectType, type SubjectType } from './subjects.ts';

/** Points of a search, and of each subject that is decided for. */
const searchCost = 5;
const subjectCost = 0.2;

const listed: Record<Exclude<SubjectType, 'role'>, ListedKind> = { user: 'USER', team: 'TEAM', service: 'API_KEY' };

/**
 * `POST /access/v1/search/subject`: who may use a model, in the order of ids. A page looks at so many subjects as it is long, and has those
 * that may; so it can be short, though more follow. Users are those with a membership.
 */
export async function searchSubjects(call: Call): Promise<PointAnswer> {
  const body = call.body();
  const [type, action, resource] = [readType(body, 'subject'), readAction(body), readEntity(body, 'resource')];
  const evaluator = await Evaluator.of(call, body);
  const { organizationId } = evaluator;
  authorize(call.context.viewer, 'readSubjects', organizationId);
  const search = ['subject', organizationId, type, action, JSON.stringify(resource)];
  const page = readPage(body.page, search);
  await call.spend(searchCost + Math.ceil(page.limit * subjectCost));
  if (resource.type !== 'model' || !isSubjectType(type)) return answerPage([], '', 0);

  // One more tells whether there is a next page.
  const ids = await idsOf(call, organizationId, type, { ...page, limit: page.limit + 1 });
  const looked = ids.slice(0, page.limit);
  const found = await Promise.all(
    looked.map((id) => mayUse(evaluator, { type, id, properties: {} }, action, resource.id)),
  );
  const results = looked.filter((_id, index) => found[index]).map((id) => ({ type, id }));
  return answerPage(results, ids.length > looked.length ? tokenAfter(looked.at(-1) ?? '', search) : '');
}

async function idsOf(
  call: Call,
  organizationId: string,
  type: SubjectType,
  { after, limit }: PageAsked,
): Promise<string[]> {
  if (type === 'role') return [...roleIds].sort().filter((id) => after === null || id > after);
  const { context } = call;
  return findSubjectIds(context.database(), { organizationId, kind: listed[type], after, limit, now: context.now });
}

async function mayUse(evaluator: Evaluator, subject: Entity, action: string, name: string): Promise<boolean> {
  const deciding = await evaluator.decisionsFor(subject);
  return mayAct(action, deciding) && deciding.decisions.evaluateName(name).some(({ allowed }) => allowed);
}
