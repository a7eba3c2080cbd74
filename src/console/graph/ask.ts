import { AskError } from '../ask-error.ts';
import { session } from '../session/session.ts';
import { words } from '../words.ts';
import type { Operation } from './operation.ts';
import { send } from './send.ts';

interface Fault {
  message: string;
  extensions?: { code?: string };
}

/** How often, and after which pauses in ms, what may succeed a moment later is sent again. */
const pausesMs = [300, 1_000, 3_000];

/** The longest `Retry-After`, in s, that is waited for. */
const longestPause = 15;

const passing: ReadonlySet<string> = new Set([
  'UNREACHABLE',
  'SERVICE_UNAVAILABLE',
  'RATE_LIMITED',
  'IDEMPOTENCY_IN_PROGRESS',
]);

/**
 * What the service answers. Typed errors of mutations are results. A mutation takes effect once, however often it is sent.
 *
 * @throws AskError for other errors
 */
export async function ask<Result, Variables>(
  operation: Operation<Result, Variables>,
  variables: Variables,
  stop?: AbortSignal,
): Promise<Result> {
  const headers = operation.text.startsWith('mutation') ? { 'idempotency-key': newKey() } : {};
  for (let attempt = 0; ; attempt += 1) {
    let pauseMs = pausesMs[attempt];
    try {
      const sent = await send(operation, variables, { headers, signal: stop });
      const after = Number(sent.response.headers.get('retry-after') ?? 0);
      if (pauseMs !== undefined && after > 0) pauseMs = after <= longestPause ? after * 1_000 : undefined;
      return await dataOf(sent);
    } catch (error) {
      stop?.throwIfAborted();
      if (!(error instanceof AskError && passing.has(error.code)) || pauseMs === undefined) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      stop?.throwIfAborted();
    }
  }
}

/** What there is, where some of it may not be read; else the error. */
async function dataOf<Result>({ response, bearer }: Awaited<ReturnType<typeof send>>): Promise<Result> {
  const body = response.json() as Promise<{ data?: Result | null; errors?: Fault[] }>;
  const { data, errors } = await body.catch(() => ({ data: undefined, errors: [] }));
  if (data) return data;
  const { message, extensions }: Fault = errors?.[0] ?? { message: words.unreadable };
  const code = extensions?.code ?? (response.status >= 500 ? 'SERVICE_UNAVAILABLE' : 'UNREADABLE');
  if (code === 'AUTHENTICATION_REQUIRED') await session.end(bearer, message);
  throw new AskError(code, message);
}

/** Browsers have `randomUUID` where a page came by HTTPS alone. */
function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-');
}
