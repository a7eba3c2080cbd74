import { readFileSync } from 'node:fs';
import { textsOf } from '../../environment/text.ts';
import { UsageError } from '../command.ts';
import type { Connection } from './graph.ts';
import { fileOf } from './organization.ts';

interface Given {
  url?: string | undefined;
  'token-file'?: string | undefined;
}

/** The connection for what is asked of an organization. @throws UsageError */
export type ConnectionTo = (organizationId: string) => Connection;

/**
 * Where the service is, and the token, for each organization: an API key is of one, a platform key of all. It is no parameter, since other users of the
 * machine see those, and is never quoted.
 *
 * @throws UsageError
 */
export function connectionsOf({ url, 'token-file': tokenFile }: Given): ConnectionTo {
  const texts = textsOf(process.env, ['MODELGATE_URL', 'MODELGATE_TOKEN']);
  const endpoint = endpointOf(url ?? texts.MODELGATE_URL ?? 'http://localhost:4000');
  // What a shell gives as a file can be read once.
  const tokens = new Map<string, string>();
  const tokenIn = (file: string) => {
    const token = tokens.get(file) ?? readToken(file);
    tokens.set(file, token);
    return token;
  };
  return (organizationId) => {
    const token = tokenFile === undefined ? texts.MODELGATE_TOKEN : tokenIn(fileOf(tokenFile, organizationId));
    if (!token) {
      const message =
        'There is no token. Set MODELGATE_TOKEN, or give --token-file: a token, an API key (mgk_…) or a platform key (mgp_…).';
      throw new UsageError(message);
    }
    // What fetch says of a header that it does not send quotes the header.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('The token has characters that no token has.');
    return { url: endpoint, token, organizationId };
  };
}

function readToken(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new UsageError(`The file ${path} of --token-file cannot be read.`);
  }
}

/** The address of the GraphQL endpoint, of an address with or without its path. */
function endpointOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isWeb = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (!url || !isWeb || url.username !== '' || url.password !== '') {
    throw new UsageError('The address of the service must be one like https://modelgate.example, without a password.');
  }
  const folders = url.pathname.split('/').filter(Boolean);
  if (folders.at(-1) === 'graphql') folders.pop();
  return [url.origin, ...folders, 'graphql'].join('/');
}
