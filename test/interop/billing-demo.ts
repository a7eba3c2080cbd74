// A second subgraph beside the demo world, at http://localhost:4001: tsx test/interop/billing-demo.ts
import { startBilling } from './billing.ts';

const models = ['mdl_openai/gpt-4o', 'mdl_anthropic/claude-sonnet-4-6'];
const invoices = models.map((modelId, index) => ({
  id: `inv_${index + 1}`,
  amount: '12.50',
  organizationId: 'org_abc123def456',
  recipientId: 'usr_mara9w2kq7xt',
  modelId,
  configId: 'cfg_none',
}));

const { url } = await startBilling(invoices, 4001);
process.stderr.write(`Billing is ready: ${url}\n`);
