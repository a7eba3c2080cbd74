const maxBytes = 1_000_000;

/** Why a document was not fetched. The message completes a sentence, as in `answered with status 404`; it has nothing of the URL. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
}

/**
 * Fetches a small document of an issuer. A user and password in the URL are sent as Basic credentials; no redirect is followed.
 *
 * @throws FetchError
 */
export async function fetchDocument(url: string, accept: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(...requestOf(url, accept, signal));
    if (response.status === 200) return await textOf(response);
    await response.body?.cancel();
    throw new FetchError(`answered with status ${response.status}`);
  } catch (error) {
    throw error instanceof FetchError ? error : new FetchError(faultOf(error, signal));
  }
}

function requestOf(url: string, accept: string, signal: AbortSignal): Parameters<typeof fetch> {
  const target = new URL(url);
  const { username, password } = target;
  target.username = '';
  target.password = '';
  const headers = new Headers({ accept, 'user-agent': 'modelgate' });
  if (username !== '' || password !== '') {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`);
  }
  return [target, { headers, redirect: 'manual', signal }];
}

/** The body as text; reading stops once it is too large. */
async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new FetchError(`is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks));
}

/** Names a code such as ECONNREFUSED; the messages of errors contain the URL. */
function faultOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return 'did not answer in time';
  const { cause } = error instanceof Error ? error : {};
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return `cannot be reached${/^[A-Z0-9_]+$/.test(code) ? ` (${code})` : ''}`;
}
