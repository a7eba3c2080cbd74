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

/** A name or an address, and a port; it may be empty. */
const hosts = /^(\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(:\d{0,5})?$/i;

const longestHost = 300;

/** Most requests of a process have the same. */
let lastHost = '';

/** Whether a `Host` is one. HTTP/1.1 wants one. */
export function isHost(host: string | undefined, httpVersion: string | undefined): boolean {
  if (host === lastHost) return true;
  if (host === undefined) return httpVersion !== '1.1';
  if (host.length > longestHost || !hosts.test(host)) return false;
  lastHost = host;
  return true;
}
