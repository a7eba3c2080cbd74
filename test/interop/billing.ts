import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPeer } from './peer.ts';

/** An invoice, which knows objects of Modelgate by their ids alone. */
export interface Invoice {
  id: string;
  amount: string;
  organizationId: string;
  recipientId: string;
  modelId: string;
  configId: string;
}

const sdl = readFileSync(join(import.meta.dirname, 'billing.graphql'), 'utf8');

/** A second subgraph, whose books are these. Port 0 is any that is free. */
export function startBilling(invoices: readonly Invoice[], port = 0) {
  const resolvers = {
    Query: { invoice: (_root: unknown, { id }: { id: string }) => invoices.find((invoice) => invoice.id === id) },
    Invoice: {
      organization: (invoice: Invoice) => ({ id: invoice.organizationId }),
      recipient: (invoice: Invoice) => ({ id: invoice.recipientId }),
      model: (invoice: Invoice) => ({ id: invoice.modelId }),
      config: (invoice: Invoice) => ({ id: invoice.configId }),
    },
    Organization: {
      invoices: ({ id }: { id: string }) => invoices.filter(({ organizationId }) => organizationId === id),
    },
    User: { invoices: ({ id }: { id: string }) => invoices.filter(({ recipientId }) => recipientId === id) },
  };
  return startPeer('billing', sdl, resolvers, port);
}
