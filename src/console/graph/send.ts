import { signal } from '@preact/signals';
import { AskError } from '../ask-error.ts';
import { session } from '../session/session.ts';
import { settings } from '../settings.ts';
import { words } from '../words.ts';
import type { Operation } from './operation.ts';

/** Whether the service has answered last. */
export const isReachable = signal(true);

interface Sent {
  response: Response;
  /** The token that was sent. */
  bearer: string;
}

interface Sending {
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

/**
 * Sends a document as whoever is signed in. A token that the service refuses is renewed once, where it can be.
 *
 * @throws AskError where nobody is signed in any more, and where the service cannot be reached
 */
export async function send<Result, Variables>(
  { id, text }: Operation<Result, Variables>,
  variables: Variables,
  { headers, signal: stop }: Sending = {},
): Promise<Sent> {
  const body = JSON.stringify({ ...(settings.isPersisted ? { documentId: id } : { query: text }), variables });
  const once = async (): Promise<Sent> => {
    const bearer = await session.bearer();
    try {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: {
          accept: 'application/graphql-response+json',
          'content-type': 'application/json',
          authorization: `Bearer ${bearer}`,
          ...headers,
        },
        body,
        signal: stop ?? null,
      });
      isReachable.value = true;
      return { response, bearer };
    } catch {
      stop?.throwIfAborted();
      isReachable.value = false;
      throw new AskError('UNREACHABLE', words.unreachable);
    }
  };
  const sent = await once();
  return sent.response.status === 401 && (await session.renew()) ? once() : sent;
}
