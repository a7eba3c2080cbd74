import { graphql } from '../generated/gql.ts';
import type { Service } from './service.ts';

export const RecordUsage = graphql(`
  mutation RecordUsage($input: RecordModelUsageInput!) {
    recordModelUsage(input: $input) {
      __typename
      ... on RecordModelUsagePayload {
        recorded
        duplicates
        rejected {
          index
          id
          issues {
            path
            message
          }
        }
      }
      ...RefusalFields
    }
  }
`);

export const ReadUsage = graphql(`
  query ReadUsage($organizationId: ID!, $from: DateTime, $to: DateTime) {
    modelConfigUsage(organizationId: $organizationId, from: $from, to: $to) {
      provider
      modelId
      model {
        id
      }
      usageCount
      promptTokens
      completionTokens
      totalTokens
      cost
      unpricedCount
      lastUsedAt
    }
  }
`);

export const ReadSeries = graphql(`
  query ReadSeries(
    $organizationId: ID!
    $granularity: UsageGranularity!
    $from: DateTime!
    $to: DateTime!
    $provider: String
    $modelKey: String
  ) {
    modelUsageSeries(
      organizationId: $organizationId
      granularity: $granularity
      from: $from
      to: $to
      provider: $provider
      modelKey: $modelKey
    ) {
      at
      usageCount
      promptTokens
      completionTokens
      totalTokens
      cost
      unpricedCount
    }
  }
`);

/** A report as an application makes it. */
export interface Report {
  id: string;
  modelKey?: string | null;
  modelConfigId?: string | null;
  userId?: string | null;
  promptTokens: number;
  completionTokens: number;
  usedAt?: string | null;
}

let counter = 0;

/** A report of 1,000 tokens in and 500 out at a model with known prices, unless this says otherwise. */
export function aReport(about: Partial<Report> = {}): Report {
  counter += 1;
  const target = about.modelConfigId === undefined ? { modelKey: 'gpt-4o' } : {};
  return { id: `use-${counter}`, ...target, promptTokens: 1000, completionTokens: 500, ...about };
}

/** Sends a batch, and answers what became of it. */
export async function record(
  { ask }: Pick<Service, 'ask'>,
  organization: { id: string },
  as: { id: string } | undefined,
  records: Report[],
) {
  const { data, errors } = await ask(RecordUsage, { input: { organizationId: organization.id, records } }, { as });
  return errors ?? data?.recordModelUsage;
}
