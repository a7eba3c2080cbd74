import { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6, type Socket } from 'node:net';

/**
 * The address of a client, as far as it can be trusted. Without trusted proxies it is that of the connection; else it is taken
 * from `X-Forwarded-For`, one entry from the right for each proxy, since each appends its caller. Entries further left can be
 * forged. An IPv6 address is reduced to its /64, which is what one customer is given.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | null,
  trustedProxies: number,
): string | undefined {
  const hops = [...(forwardedFor?.split(',') ?? []), remoteAddress ?? ''].map(parseAddress);
  // Where an entry is missing or no address, the next one to the right counts.
  return hops.slice(-1 - trustedProxies).find((address) => address !== undefined);
}

/** Strips the port and the brackets that some proxies add. */
function parseAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$|^(\d+(?:\.\d+){3}):\d+$/, '$1$3');
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare;
  if (isIPv4(mapped)) return mapped;
  return isIPv6(mapped) ? networkOf(mapped) : undefined;
}

function networkOf(address: string): string {
  // URL normalizes IPv6 addresses.
  const [head = '', tail] = new URL(`http://[${address.split('%', 1)}]`).hostname.slice(1, -1).split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - start.length - end.length).fill('0');
  return `${[...start, ...zeros, ...end].slice(0, 4).join(':')}::/64`;
}

const addresses = new WeakMap<Socket, string>();

/** The address of a request's client; undefined where the request did not come through Node (`incoming`). */
export function addressOf(
  { headers }: { headers: Pick<Headers, 'get'> },
  incoming: unknown,
  trustedProxies: number,
): string | undefined {
  if (!(incoming instanceof IncomingMessage)) return undefined;
  const { socket } = incoming;
  if (trustedProxies > 0) return clientAddress(socket.remoteAddress, headers.get('x-forwarded-for'), trustedProxies);

  // Cached for each connection.
  const known = addresses.get(socket);
  if (known !== undefined) return known;
  const address = clientAddress(socket.remoteAddress, null, 0);
  if (address !== undefined) addresses.set(socket, address);
  return address;
}
