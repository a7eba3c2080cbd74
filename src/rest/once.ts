import { type ErrorCode, isRetryable } from '../errors/base.ts';
import type { Graph } from './graph.ts';
import { HttpError } from './http-error.ts';
import type { RestContext } from './wire.ts';

/** An answer as it is kept. A refusal is told anew each time, with the trace id of its request. */
type Kept =
  | { status: number; headers: [string, string][]; body: string }
  | { refusal: { code: ErrorCode; message: string; details: HttpError['details']; status: number } };

/**
 * Answers a request with an `Idempotency-Key` once, and alike each time that it is sent; any other, and a dry run, as it comes.
 * @throws HttpError
 */
export async function answerOnce(
  { req, env }: RestContext,
  work: (graph: Graph) => Promise<Response>,
  isDryRun: boolean,
): Promise<Response> {
  const key = req.header('idempotency-key');
  if (key === undefined) return work(env.graph);

  const ifNoneMatch = req.header('if-none-match');
  const conditions: unknown[] = ['if-match', 'x-organization-id'].map((name) => req.header(name) ?? null);
  if (ifNoneMatch !== undefined) conditions.push(ifNoneMatch);
  const reason = req.header('x-change-reason');
  if (reason !== undefined) conditions.push({ reason });
  const path = req.path + new URL(req.url).search;
  const asked = JSON.stringify([req.method, path, ...conditions, await req.text()]);
  const answer = await env.graph.once<Kept>({ key, asked }, async (graph) => {
    try {
      const response = await work(graph);
      const { status, headers } = response;
      return { answer: { status, headers: [...headers], body: await response.text() }, keep: !isDryRun };
    } catch (error) {
      const { code, message, details, status } = graph.refusalOf(error);
      // What may be right a moment later, or in another form, is answered, but not kept.
      const keep = !isDryRun && !isRetryable(code) && status !== 413 && status !== 415;
      return { answer: { refusal: { code, message, details, status } }, keep };
    }
  });

  if ('refusal' in answer) {
    const { code, message, ...options } = answer.refusal;
    throw new HttpError(code, message, options);
  }
  const { status, headers, body } = answer;
  return new Response(status === 204 ? null : body, { status, headers });
}
