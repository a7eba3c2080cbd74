import { type ErrorCode, isRetryable } from '../errors/base.ts';
import type { Graph } from './graph.ts';
import { HttpError, toHttpError } from './http-error.ts';
import type { RestContext } from './wire.ts';

/** An answer as it is kept. */
type Kept =
  | { status: number; headers: [string, string][]; body: string }
  | { refusal: { code: ErrorCode; message: string; details: HttpError['details']; status: number } };

/**
 * Answers a request with an `Idempotency-Key` once, and alike each time that it is sent; any other as it comes.
 * @throws Refusal
 */
export async function answerOnce(
  context: RestContext,
  handler: (context: RestContext) => Promise<Response>,
): Promise<Response> {
  const { req, env } = context;
  const key = req.header('idempotency-key');
  if (key === undefined) return handler(context);

  const ifNoneMatch = req.header('if-none-match');
  const conditions = [
    ...['if-match', 'x-organization-id'].map((name) => req.header(name) ?? null),
    ...(ifNoneMatch === undefined ? [] : [ifNoneMatch]),
  ];
  const asked = JSON.stringify([req.method, req.path, ...conditions, await req.text()]);
  const { answer, isReplay } = await env.graph.once<Kept>({ key, asked }, async (graph) => {
    const answer = await answerWith(graph, context, handler);
    return { answer, keep: !('refusal' in answer) || isLasting(answer.refusal) };
  });
  const replayed = isReplay ? { 'idempotency-replayed': 'true' } : {};
  if ('refusal' in answer) {
    const { code, message, ...options } = answer.refusal;
    throw new HttpError(code, message, { ...options, headers: replayed });
  }
  const headers = { ...Object.fromEntries(answer.headers), ...replayed };
  return new Response(answer.status === 204 ? null : answer.body, { status: answer.status, headers });
}

async function answerWith(
  graph: Graph,
  context: RestContext,
  handler: (context: RestContext) => Promise<Response>,
): Promise<Kept> {
  const { graph: outside } = context.env;
  context.env.graph = graph;
  try {
    const response = await handler(context);
    return { status: response.status, headers: [...response.headers], body: await response.text() };
  } catch (error) {
    const { code, message, details, status } = toHttpError(context.env.tellable(error));
    return { refusal: { code, message, details, status } };
  } finally {
    context.env.graph = outside;
  }
}

/** What may be right a moment later, or in another form, is answered, but not kept. */
function isLasting({ code, status }: Pick<HttpError, 'code' | 'status'>): boolean {
  return !isRetryable(code) && status !== 413 && status !== 415;
}
