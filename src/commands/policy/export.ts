import { z } from 'zod';
import { UsageError } from '../command.ts';
import type { ConnectionTo } from '../graph/connection.ts';
import { ask } from '../graph/graph.ts';
import { fileOf, isForEach } from '../graph/organization.ts';
import { printable } from '../printable.ts';
import { writeDocument } from './documents.ts';

/** Printed as it is: what no document of a policy has is not from the service. */
const Document = z.string().refine((text) => text.split('\n').every((line) => printable(line) === line));

const policyDocument = {
  query: `query PolicyDocument($organizationId: ID!, $format: PolicyDocumentFormat!, $atRevision: Int) {
    policyDocument(organizationId: $organizationId, format: $format, atRevision: $atRevision)
  }`,
  data: z.object({ policyDocument: Document }),
};

interface Export {
  organizationIds: readonly string[];
  file: string;
  format: string | undefined;
  atRevision: number | undefined;
}

/** Writes the policies of organizations into files, or one to the standard output. @throws UsageError */
export async function exportPolicies(
  connect: ConnectionTo,
  { organizationIds, file, ...options }: Export,
): Promise<void> {
  if (organizationIds.length > 1 && !isForEach(file)) {
    throw new UsageError(
      'Several organizations need a file for each: put {org} into the name, as in policies/{org}.yaml.',
    );
  }
  const format = formatOf(options.format ?? (file.endsWith('.json') ? 'json' : 'yaml'));
  for (const organizationId of organizationIds) {
    const variables = { organizationId, format, atRevision: options.atRevision };
    const { policyDocument: text } = await ask(connect(organizationId), policyDocument, variables).catch((error) => {
      if (!(error instanceof UsageError) || organizationIds.length === 1) throw error;
      throw new UsageError(`${organizationId}: ${error.message}`);
    });
    writeDocument(fileOf(file, organizationId), text);
  }
}

function formatOf(name: string): string {
  if (name !== 'json' && name !== 'yaml') throw new UsageError(`--format must be json or yaml, not "${name}".`);
  return name.toUpperCase();
}
