import { z } from 'zod';
import { UsageError } from '../command.ts';
import { Printable } from '../printable.ts';

/** How long a request may take, in ms. */
const timeoutMs = 60_000;

/** Bytes of an answer at most: twice as many as the service sends, unless it is set up otherwise. */
const maxAnswerBytes = 20_000_000;

const Answer = z.object({
  data: z.unknown().optional(),
  errors: z.array(z.object({ message: Printable, extensions: z.object({ code: z.string() }).optional() })).optional(),
});

/** Where the service is, and as whom it is asked. */
export interface Connection {
  /** The address of the GraphQL endpoint. */
  url: string;
  token: string;
  /** The organization that is asked about: a platform key acts in the one that each request names. */
  organizationId: string;
}

/**
 * Runs an operation at the service, and answers its data, which has this form.
 * @throws UsageError that says what is wrong; it never has the token
 */
export async function ask<Data extends z.ZodType>(
  connection: Connection,
  operation: { query: string; data: Data },
  variables: object,
): Promise<z.output<Data>> {
  const response = await send(connection, JSON.stringify({ query: operation.query, variables })).catch(
    (error: unknown) => {
      if (error instanceof UsageError) throw error;
      throw new UsageError(`${reasonOf(error, connection.url)}.`);
    },
  );
  if (response.status >= 300 && response.status < 400) {
    throw new UsageError(`${connection.url} redirects to another address: give that one as --url.`);
  }
  const answer = Answer.safeParse(parseJson(response.text));
  if (!answer.success) {
    throw new UsageError(`What answers at ${connection.url} is not Modelgate (its status is ${response.status}).`);
  }
  const { data, errors: [error] = [] } = answer.data;
  if (error?.extensions?.code === 'AUTHENTICATION_REQUIRED') throw new UsageError(unauthenticated(error.message));
  if (error) throw new UsageError(`${error.message}.`);
  const found = operation.data.safeParse(data);
  if (found.success) return found.data;
  throw new UsageError(
    `The service at ${connection.url} answers what this program does not understand: is it of the same version?`,
  );
}

/** What to do where the service does not accept the token. */
export function unauthenticated(message: string): string {
  return `The service does not accept the token: ${message}. Set MODELGATE_TOKEN to a token or an API key that is valid.`;
}

async function send(
  { url, token, organizationId }: Connection,
  body: string,
): Promise<{ status: number; text: string }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'x-organization-id': organizationId,
    },
    body,
    // Else a redirect would make a GET of it.
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
  });
  return { status: response.status, text: await textOf(response, url) };
}

/** Whatever answers, it must not fill the memory. */
async function textOf({ body }: Response, url: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new UsageError(`The answer of ${url} is longer than ${maxAnswerBytes} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown, url: string): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return `The service at ${url} did not answer within ${timeoutMs / 1000} s`;
  if (cause?.code === 'ECONNREFUSED' || cause?.code === 'ENOTFOUND') {
    return `There is no service at ${url} (${cause.code}). Give its address as --url, or in MODELGATE_URL`;
  }
  return `The service at ${url} could not be reached${cause?.code === undefined ? '' : ` (${cause.code})`}`;
}
