import type { Model } from '../../catalog/model.ts';
import { withLoaded } from '../../domain/reading/loader.ts';
import { hasModel } from '../../policy/model-set.ts';
import { type Call, invalid } from '../call.ts';
import { qualifiedId } from '../model-lists/listed-models.ts';
import { json, type PointAnswer } from '../point.ts';
import { actions, mayAct } from './decision.ts';
import { readAction, readEntity, readType } from './entities.ts';
import { type Deciding, Evaluator } from './evaluator.ts';
import { readPage, tokenAfter } from './pages.ts';

/** Points of a search, and of each result that it looks at. */
const searchCost = 5;
const resultCost = 0.05;

type Answer = PointAnswer | Promise<PointAnswer>;

/** `POST /access/v1/search/resource`: the models that a subject may use, in the order of the catalog. */
export function searchResources(call: Call): Answer {
  const body = call.body();
  const [subject, action, type] = [readEntity(body, 'subject'), readAction(body), readType(body, 'resource')];
  return withLoaded(Evaluator.of(call, body), (evaluator) => {
    const search = ['resource', evaluator.organizationId, JSON.stringify(subject), action, type];
    const { after, limit } = readPage(body.page, search);
    const find = (deciding: Deciding) => {
      const found = type === 'model' && mayAct(action, deciding) ? modelsOf(deciding) : [];
      const last = after === null ? -1 : positionOf(after, deciding);
      const rest = found.filter(({ position }) => position > last);
      const ids = rest.slice(0, limit).map(qualifiedId);
      const results = ids.map((id) => ({ type, id }));
      return answerPage(results, rest.length > limit ? tokenAfter(ids.at(-1) ?? '', search) : '', found.length);
    };
    return withLoaded(call.spend(searchCost + Math.ceil(limit * resultCost)), () =>
      withLoaded(evaluator.decisionsFor(subject), find),
    );
  });
}

/** The place in the catalog of the last model of a page, which need not be allowed any more. @throws ValidationError */
function positionOf(after: string, { decisions: { catalog } }: Deciding): number {
  const model = catalog.find(after);
  if (!model) throw invalid('page.token', 'is of another catalog; begin again without it');
  return model.position;
}

function modelsOf({ decisions, narrower }: Deciding): Model[] {
  const [allowed, narrowed] = [decisions.allowed(), narrower?.allowed()];
  return decisions.catalog.models.filter(
    ({ position }) => hasModel(allowed, position) && (!narrowed || hasModel(narrowed, position)),
  );
}

/** `POST /access/v1/search/action`: what a subject may do with a model. */
export function searchActions(call: Call): Answer {
  const body = call.body();
  const [subject, resource] = [readEntity(body, 'subject'), readEntity(body, 'resource')];
  readPage(body.page, []);
  return withLoaded(Evaluator.of(call, body), (evaluator) => {
    const find = (deciding: Deciding) => {
      const isAllowed =
        resource.type === 'model' && deciding.decisions.decideName(resource.id, deciding.narrower).allowed;
      const names = isAllowed ? actions.filter((action) => mayAct(action, deciding)) : [];
      return answerPage(
        names.map((name) => ({ name })),
        '',
        names.length,
      );
    };
    return withLoaded(call.spend(searchCost), () => withLoaded(evaluator.decisionsFor(subject), find));
  });
}

/** A page of results; `total` where it is known without reading all of them. */
export function answerPage(results: readonly object[], nextToken: string, total?: number): PointAnswer {
  return json({ page: { next_token: nextToken, count: results.length, total }, results });
}
