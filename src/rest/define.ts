import { maxIdLength } from '../limits.ts';
import { asksForDryRun, checkDryRun } from './dry-run.ts';
import { parseBody } from './faults.ts';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import { answerOnce } from './once.ts';
import { actsIn, describe } from './operation.ts';
import { enteredBy, organizationOf } from './organization-of.ts';
import type { Route, System } from './route.ts';
import { type RestApp, type RestContext, readJson } from './wire.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Adds a route of a system to the app, and to its documentation: `GET /v1/model-configs/{id}`. */
export function define<Body, Query>(
  app: RestApp,
  system: System,
  name: `${string} /v1/${string}`,
  route: Route<Body, Query>,
): void {
  const [verb = '', path = ''] = name.split(' ');
  const method = verb.toLowerCase() as Method;
  const isChange = method !== 'get';
  app.openAPIRegistry.registerPath({ method, path, ...describe(system, verb, path, route) });

  app.on(verb, path.replaceAll(/\{(\w+)\}/g, ':$1'), async (context) => {
    const answer = (graph: Graph) => respond(system, path, route, context, graph);
    refuseLongIds(context);
    if (!isChange) return answer(context.env.graph);
    context.env.options.checkBody(context.req.raw);
    if (route.isSecret) return answer(context.env.graph);
    return answerOnce(context, answer, route.hasDryRun === true && asksForDryRun(context));
  });
}

async function respond<Body, Query>(
  { adapt }: System,
  path: string,
  { answer: [status], permission, body, query, hasDryRun = false, handle }: Route<Body, Query>,
  context: RestContext,
  graph: Graph,
): Promise<Response> {
  const { req } = context;
  const id = req.param('id') ?? '';
  const read = async () => {
    if (hasDryRun) checkDryRun(context);
    return {
      body: (body && parseBody(body, await readJson(context))) as Body,
      query: (query && parseBody(query, req.query())) as Query,
      isDryRun: hasDryRun && asksForDryRun(context),
    };
  };
  try {
    const organizationId = actsIn(path) ? await organizationOf(context, graph) : (req.param('organization_id') ?? '');
    const said = await read().catch(async (fault: unknown) => {
      // One who may not do the thing at all is told so first, whatever the request says.
      await (permission ? graph.authorize(permission, id || organizationId) : enteredBy(graph));
      throw fault;
    });
    const answer = await handle({ ...said, graph, organizationId, id, context });
    if (answer instanceof Response) return answer;
    return status === 204 ? new Response(null, { status }) : Response.json(answer, { status });
  } catch (error) {
    throw adapt(graph.refusalOf(error), id);
  }
}

/** What names an object, in the path or in a header, is measured before it is looked up. @throws HttpError */
function refuseLongIds({ req }: RestContext): void {
  const given = { ...req.param(), 'X-Organization-Id': req.header('x-organization-id') ?? '' };
  const [name] = Object.entries(given).find(([, value]) => value.length > maxIdLength) ?? [];
  if (name === undefined) return;
  throw new HttpError('VALIDATION_ERROR', `${name}: must not be longer than ${maxIdLength} characters`, {
    status: 400,
  });
}
