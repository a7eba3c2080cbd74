/** The origin of all requests here: nothing depends on the host that a client names. */
export const origin = 'http://localhost';

/**
 * The path of a request line, with its query; also of an absolute URL, as proxies receive it. Undefined where there is none: `*`,
 * or an invalid URL.
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

/** Caches the last valid one: most requests of a process have the same. */
let lastHost = '';

/** Whether a `Host` is valid. HTTP/1.1 requires one. */
export function isHost(host: string | undefined, httpVersion: string | undefined): boolean {
  if (host === lastHost) return true;
  if (host === undefined) return httpVersion !== '1.1';
  if (host.length > longestHost || !hosts.test(host)) return false;
  lastHost = host;
  return true;
}

/** What proxies and tunnels add, which may let in others and name this machine as the host. */
const forwarding = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];

/**
 * Whether a request is of a browser or program on this machine: its `Host` is, since pages of names that an attacker lets resolve
 * to it have another one; and it came by no proxy, unless that hides itself.
 */
export function isOfThisMachine({ headers }: { headers: Pick<Headers, 'get' | 'has'> }): boolean {
  const host = headers.get('host') ?? '';
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/.test(host) && !forwarding.some((name) => headers.has(name));
}
