import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPeer } from './peer.ts';

/** An order, which knows objects of Modelgate by their keys, and some by name. */
export interface Order {
  id: string;
  model: { provider: string; modelId: string };
  orderedBy: { organizationId: string; userId: string };
  team: { id: string };
  providerKey: { id: string };
  apiKey: { id: string };
  change: { id: string };
  recipient: { id: string; name: string };
  payer: { id: string; name: string };
  substitute: { provider: string; modelId: string; displayName: string };
}

const sdl = readFileSync(join(import.meta.dirname, 'orders.graphql'), 'utf8');

/** A subgraph of these orders. */
export function startOrders(orders: readonly Order[]) {
  return startPeer('orders', sdl, {
    Query: { order: (_root: unknown, { id }: { id: string }) => orders.find((order) => order.id === id) },
    Model: { tokens: () => 1_000 },
    Membership: { budget: () => 25 },
  });
}
