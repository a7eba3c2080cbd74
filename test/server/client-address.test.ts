import { expect, it } from 'vitest';
import { clientAddress } from '../../src/server/limits/client-address.ts';

it.each([
  ['the connection where no proxy is trusted', '198.51.100.7', '203.0.113.9', 0, '198.51.100.7'],
  ['whom the proxy was called by', '10.0.0.1', '203.0.113.9', 1, '203.0.113.9'],
  ['nothing that a client wrote before the proxy', '10.0.0.1', '1.1.1.1, 203.0.113.9', 1, '203.0.113.9'],
  ['whom the outer of two proxies was called by', '10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', 2, '203.0.113.9'],
  ['the proxy where that names nobody', '10.0.0.1', null, 1, '10.0.0.1'],
  ['the proxy where that names no address', '10.0.0.1', 'unknown', 1, '10.0.0.1'],
  ['an address without its port', '10.0.0.1', '203.0.113.9:4711', 1, '203.0.113.9'],
  ['an IPv4 address also where the socket has an IPv6 one', '::ffff:198.51.100.7', null, 0, '198.51.100.7'],
  ['the network of an IPv6 address', '2001:db8:1:2:3:4:5:6', null, 0, '2001:db8:1:2::/64'],
  ['the same network however it is written', '10.0.0.1', '[2001:0DB8:1:2::9]:4711', 1, '2001:db8:1:2::/64'],
  ['the network of a short address', '2001:db8::1', null, 0, '2001:db8:0:0::/64'],
  ['the network of this machine', '::1', null, 0, '0:0:0:0::/64'],
  ['no zone', 'fe80::1%eth0', null, 0, 'fe80:0:0:0::/64'],
  ['nothing where there is nothing', undefined, null, 0, undefined],
])('is %s', (_, remote, forwardedFor, trustedProxies, expected) => {
  expect(clientAddress(remote, forwardedFor, trustedProxies)).toBe(expected);
});
