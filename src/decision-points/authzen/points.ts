import type { Found, Point, PointAnswer, PublicPoint, Refusal } from '../point.ts';
import { answerEvaluation, answerEvaluations } from './evaluation.ts';
import { answerMetadata, endpoints, metadataPath } from './metadata.ts';
import { searchActions, searchResources } from './search.ts';
import { searchSubjects } from './subject-search.ts';

const answers: Record<keyof typeof endpoints, Point['answer']> = {
  access_evaluation_endpoint: answerEvaluation,
  access_evaluations_endpoint: answerEvaluations,
  search_subject_endpoint: searchSubjects,
  search_resource_endpoint: searchResources,
  search_action_endpoint: searchActions,
};

/** Those that take long. The id of an answer that is cached is that of the evaluation that it comes from. */
const cacheable: ReadonlySet<string> = new Set(['access_evaluations_endpoint', 'search_resource_endpoint']);

const points = new Map<string, Point>(
  Object.entries(answers).map(([name, answer]) => {
    const route = endpoints[name as keyof typeof endpoints];
    const point: Point = {
      route,
      methods: ['POST'],
      credentialsIn: 'Authorization, as "Bearer <key>"',
      refuse,
      answer,
    };
    return [route, cacheable.has(name) ? { ...point, isCacheable: true } : point];
  }),
);

const metadata: PublicPoint = {
  route: metadataPath,
  methods: ['GET', 'HEAD'],
  isPublic: true,
  refuse,
  answer: answerMetadata,
};

/** What is at no other path below those of the decision points. */
const nothingElse: PublicPoint = {
  route: '/access/*',
  methods: 'ANY',
  isPublic: true,
  refuse,
  answer: () => {
    const message = `There is no such path; there are POST ${Object.values(endpoints).join(', ')}, and GET ${metadataPath}`;
    return refuse({ code: 'NOT_FOUND', status: 404, message, details: {} });
  },
};

/** The point of a path. The decision point of one organization has its id before the paths of the endpoints. */
export function authzenPoint(pathname: string): Found | undefined {
  const own = points.get(pathname);
  if (own) return { point: own };
  if (pathname.startsWith(metadataPath)) {
    const rest = pathname.slice(metadataPath.length);
    if (rest === '' || /^\/org_[\w-]{1,120}$/.test(rest)) return { point: metadata };
    return rest.startsWith('/') ? { point: nothingElse } : undefined;
  }
  const [, organizationId, path = ''] = /^\/(org_[\w-]{1,120})(\/access\/.*)$/.exec(pathname) ?? [];
  const point = points.get(path);
  if (point) return { point, organizationId };
  return path !== '' || /^\/access(\/|$)/.test(pathname) ? { point: nothingElse } : undefined;
}

/** An error as its message alone. Whatever is wrong with a request is 400; a denial is no error. */
function refuse({ code, status, message, details }: Refusal): PointAnswer {
  const told = code === 'VALIDATION_ERROR' && status !== 405 && status !== 413 ? 400 : status;
  const { retryAfterSeconds } = details;
  const headers: Record<string, string> = { 'content-type': 'text/plain; charset=utf-8' };
  if (typeof retryAfterSeconds === 'number') headers['retry-after'] = String(retryAfterSeconds);
  return { status: told, headers, body: message };
}
