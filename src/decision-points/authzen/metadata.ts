import { invalid } from '../call.ts';
import { json, type PointAnswer } from '../point.ts';
import type { PointRequest } from '../point-request.ts';

/** The paths of the endpoints below the decision point, by the names of their parameters in the metadata. */
export const endpoints = {
  access_evaluation_endpoint: '/access/v1/evaluation',
  access_evaluations_endpoint: '/access/v1/evaluations',
  search_subject_endpoint: '/access/v1/search/subject',
  search_resource_endpoint: '/access/v1/search/resource',
  search_action_endpoint: '/access/v1/search/action',
} as const;

export const metadataPath = '/.well-known/authzen-configuration';

/**
 * `GET /.well-known/authzen-configuration[/org_…]`: the decision point of one organization, or of that of the caller. Clients compare its
 * name with the URL that they asked, so it has the host of the request; and `https`, as the standard has it, whatever a proxy speaks.
 */
export function answerMetadata({ headers, parsedUrl }: PointRequest): PointAnswer {
  const host = headers.get('host');
  if (!host) throw invalid('', 'The request names no host');
  const point = `https://${host}${parsedUrl.pathname.slice(metadataPath.length)}`;
  const urls = Object.entries(endpoints).map(([name, path]) => [name, point + path]);
  return json({ policy_decision_point: point, ...Object.fromEntries(urls) });
}
