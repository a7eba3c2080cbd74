import { Counter, Histogram, type Registry } from 'prom-client';

/** What is measured of a request once it has its response. The values of labels are bounded: nothing of them is a client's text. */
export interface MeasuredRequest {
  seconds: number;
  method: string;
  /** A path of ours with its parameters, such as `/v1/model-configs/{id}`; `other` for any other. */
  route: string;
  status: number;
  /** The root field of a GraphQL operation; empty for other requests. */
  operation: string;
  errorCode: string | undefined;
  isTooCostly: boolean;
  decisions: Readonly<Record<string, number>> | undefined;
}

/** Takes the measure of each request. */
export type MeasureRequest = (request: MeasuredRequest) => void;

/** In seconds: those that OpenTelemetry recommends, and some below, since most answers take less than 5 ms. */
const buckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** One histogram for each request, labelled by all that is asked of it: an observation is most of what metrics cost. */
export function createRequestMetrics(registry: Registry): MeasureRequest {
  const registers = [registry];
  const duration = new Histogram({
    name: 'http_server_request_duration_seconds',
    help: 'Requests, and the seconds from their arrival to their response; that of a stream of events is at its beginning. `operation` is the root field of a GraphQL operation.',
    labelNames: ['http_request_method', 'http_route', 'http_response_status_code', 'operation'] as const,
    buckets,
    registers,
  });
  const errors = new Counter({
    name: 'modelgate_errors_total',
    help: 'Requests that met an error, by the code of their first.',
    labelNames: ['code'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'modelgate_refused_total',
    help: 'Requests that were refused for their rate (`rate_limit`), or since an operation costs too much (`cost`).',
    labelNames: ['reason'] as const,
    registers,
  });
  const decided = new Counter({
    name: 'modelgate_decisions_total',
    help: 'Decisions that clients were told, also from a cache: ALLOWED, or the first reason against the model.',
    labelNames: ['outcome'] as const,
    registers,
  });
  for (const reason of ['rate_limit', 'cost']) refused.inc({ reason }, 0);

  return ({ seconds, method, route, status, operation, errorCode, isTooCostly, decisions }) => {
    duration.observe(
      {
        http_request_method: methods.has(method) ? method : '_OTHER',
        http_route: route,
        http_response_status_code: status,
        operation,
      },
      seconds,
    );
    for (const outcome in decisions) decided.inc({ outcome }, decisions[outcome]);
    if (errorCode === undefined) return;
    errors.inc({ code: errorCode });
    if (isTooCostly) refused.inc({ reason: 'cost' });
    else if (errorCode === 'RATE_LIMITED') refused.inc({ reason: 'rate_limit' });
  };
}
