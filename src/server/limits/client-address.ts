import { IncomingMessage } from 'node:http';
import { isIPv4, isIPv6, type Socket } from 'node:net';

/**
 * The address of a client, as far as it can be believed: of the connection where no proxy is trusted; else from so many
 * hops back in `X-Forwarded-For`, to which each proxy appends whom it was called by. What stands further left, anybody may
 * have written. An IPv6 address stands for its /64, which is what one customer is given.
 */
export function clientAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | null,
  trustedProxies: number,
): string | undefined {
  const hops = [...(forwardedFor?.split(',') ?? []), remoteAddress ?? ''].map(parseAddress);
  // A proxy that names nobody is itself as far back as is known.
  return hops.slice(-1 - trustedProxies).find((address) => address !== undefined);
}

/** Some proxies add the port, and with it brackets. */
function parseAddress(text: string): string | undefined {
  const bare = text.trim().replace(/^\[(.*)\](:\d+)?$|^(\d+(?:\.\d+){3}):\d+$/, '$1$3');
  const mapped = /^::ffff:(\d+(?:\.\d+){3})$/i.exec(bare)?.[1] ?? bare;
  if (isIPv4(mapped)) return mapped;
  return isIPv6(mapped) ? networkOf(mapped) : undefined;
}

function networkOf(address: string): string {
  // The parser of URLs writes every address in one way only.
  const [head = '', tail] = new URL(`http://[${address.split('%', 1)}]`).hostname.slice(1, -1).split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(8 - start.length - end.length).fill('0');
  return `${[...start, ...zeros, ...end].slice(0, 4).join(':')}::/64`;
}

const addresses = new WeakMap<Socket, string>();

/** Of the client that sends a request, where that came by Node, as `incoming`. */
export function addressOf(
  { headers }: { headers: Pick<Headers, 'get'> },
  incoming: unknown,
  trustedProxies: number,
): string | undefined {
  if (!(incoming instanceof IncomingMessage)) return undefined;
  const { socket } = incoming;
  if (trustedProxies > 0) return clientAddress(socket.remoteAddress, headers.get('x-forwarded-for'), trustedProxies);

  // That of a connection does not change, and its requests are many.
  const known = addresses.get(socket);
  if (known !== undefined) return known;
  const address = clientAddress(socket.remoteAddress, null, 0);
  if (address !== undefined) addresses.set(socket, address);
  return address;
}
