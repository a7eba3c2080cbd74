/** What all requests are addressed to here: what a client calls the service decides nothing. */
export const origin = 'http://localhost';

/**
 * The path that a request line asks for, with its query; of a whole URL, as proxies are sent it, that part alone. Undefined
 * where it is none: `*`, or a URL that is broken.
 */
export function pathOfTarget(target: string): string | undefined {
  const path = target.startsWith('/') ? target : pathOfUrl(target);
  return path?.includes('#') ? undefined : path;
}

function pathOfUrl(target: string): string | undefined {
  if (!/^https?:\/\//i.test(target) || !URL.canParse(target)) return undefined;
  const { pathname, search } = new URL(target);
  return pathname + search;
}

/** A name or an address, and a port. An empty one is allowed, as is none in HTTP/1.0. */
const hosts = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d{0,5})?$/i;

/** Most requests of a process have the same. */
let lastHost: string | undefined;

/** Whether a `Host` is one. */
export function isHost(host: string | undefined): boolean {
  if (host === lastHost) return true;
  if (host !== undefined && (host.length > 300 || !hosts.test(host))) return false;
  lastHost = host;
  return true;
}
