import { isKnownBy } from '../../domain/input/entity-tag.ts';
import type { OrganizationState } from '../../domain/ledger/snapshot.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import type { Decisions } from '../../policy/decisions.ts';
import { type Call, invalid } from '../call.ts';
import { organizationOf } from '../organization.ts';
import { json, type PointAnswer } from '../point.ts';
import { refusalText } from '../refusal-text.ts';
import { entityTagOf } from './entity-tag.ts';
import { formOf } from './list-form.ts';
import { allowedModels, findListed, type Ids, listModels } from './listed-models.ts';
import { toApiJson } from './models-dev.ts';

/** Points of a list, and of one model, as of the queries that read as much. */
const listCost = 50;
const modelCost = 3;

type OwnDecisions = Decisions<OrganizationState>;

/** `GET /openai/v1/models` */
export function answerList(call: Call): PointAnswer | Promise<PointAnswer> {
  const query = queryOf(call);
  const ids = idsOf(query);
  const { name, list } = formOf(call.request);
  return answerBy(call, listCost, (decisions) =>
    answerUnlessKnown(call, decisions, `${name}?${query}`, () =>
      list(listModels(decisions, ids), query, decisions.now),
    ),
  );
}

/** `GET /openai/v1/models/{id}`, by any name of a model. */
export function answerModel(call: Call): PointAnswer | Promise<PointAnswer> {
  const query = queryOf(call);
  const ids = idsOf(query);
  const asked = nameOf(call);
  const { name, one, noModel } = formOf(call.request);
  return answerBy(call, modelCost, (decisions, organizationId) => {
    const access = decisions.decideName(asked);
    const listed = access.allowed ? findListed(decisions, ids, asked) : undefined;
    if (!listed) {
      call.context.countRefusal(organizationId, asked, access);
      return noModel(refusalText(access, asked, decisions.state), access.reasons);
    }
    return answerUnlessKnown(call, decisions, `${name} ${listed.id}?${query}`, () => one(listed, decisions.now));
  });
}

/** `GET /catalog/api.json` */
export function answerApiJson(call: Call): PointAnswer | Promise<PointAnswer> {
  return answerBy(call, listCost, (decisions) =>
    answerUnlessKnown(call, decisions, 'models.dev', () => toApiJson(allowedModels(decisions), decisions.now)),
  );
}

function answerBy(
  call: Call,
  cost: number,
  answer: (decisions: OwnDecisions, organizationId: string) => PointAnswer,
): PointAnswer | Promise<PointAnswer> {
  const organizationId = organizationOf(call);
  const spent = call.spend(cost);
  const decide = () =>
    withLoaded(call.context.decisions(organizationId), (decisions) => answer(decisions, organizationId));
  return spent ? spent.then(decide) : decide();
}

/** Answers 304 to a client that has this answer already. */
function answerUnlessKnown(call: Call, decisions: OwnDecisions, form: string, make: () => object): PointAnswer {
  // The moment until which the list is valid is part of its tag.
  decisions.allowed();
  const etag = entityTagOf(decisions, call.context, form);
  const headers = { etag, 'cache-control': 'private, no-cache', vary: dependsOn };
  if (isKnownBy(call.request.headers.get('if-none-match'), etag)) return { status: 304, headers, body: '' };
  return json(make(), 200, headers);
}

/** The headers of requests by which answers differ. */
const dependsOn = 'authorization, x-api-key, x-organization-id, anthropic-version';

function queryOf({ request }: Call): URLSearchParams {
  return new URLSearchParams(request.parsedUrl.search);
}

/** @throws ValidationError */
function idsOf(query: URLSearchParams): Ids {
  const ids = query.get('ids') ?? 'shortest';
  if (ids === 'shortest' || ids === 'qualified') return ids;
  throw invalid('ids', 'must be shortest or qualified');
}

/** The name in the path. Clients encode the slash of `provider/key`, or do not. @throws ValidationError */
function nameOf({ request }: Call): string {
  const encoded = request.parsedUrl.pathname.slice(modelPrefix.length);
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw invalid('model', 'is not encoded as a part of a path must be');
  }
}

/** What the path of one model begins with. */
export const modelPrefix = '/openai/v1/models/';
