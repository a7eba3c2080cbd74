import { z } from '@hono/zod-openapi';
import { parseBody } from '../faults.ts';
import { graphql } from '../generated/gql.ts';
import type { RestCatalogQuery } from '../generated/graphql.ts';
import type { Graph } from '../graph.ts';
import { organizationOf } from '../organization-of.ts';
import type { RestContext } from '../wire.ts';
import { tagsOf } from './model.ts';

const ReadCatalog = graphql(`
  query RestCatalog($organizationId: ID!) {
    modelGroups(organizationId: $organizationId) {
      baseModel
      displayName
      creator
      creatorDisplayName
      lowestCostPer1kTokens
      options {
        access {
          allowed
        }
        hasPlatformKey
        keyStatus
        modelConfigIds
        model {
          ...RestModel
        }
      }
    }
  }
`);

/** By itself: it costs as much as a page of a thousand. */
const ReadUsedModels = graphql(`
  query RestUsedModels($organizationId: ID!) {
    modelConfigUsage(organizationId: $organizationId) {
      model {
        id
      }
    }
  }
`);

const flag = z.enum(['true', 'false']).optional();

export const CatalogQuery = z.object({
  showAll: flag.openapi({ description: 'Whether to list those too that the organization may not use.' }),
  category: z
    .string()
    .optional()
    .openapi({ description: 'A `uiCategory`, which is a maker’s slug, or one of the `tags`.' }),
  configured: flag.openapi({ description: 'Whether to list only those that are configured.' }),
});

export type ModelGroup = RestCatalogQuery['modelGroups'][number];
export type ModelOption = ModelGroup['options'][number];

/** What of the catalog a request asks for. */
export interface CatalogPart {
  organizationId: string;
  /** Those without any option that is asked for are left out. */
  groups: ModelGroup[];
}

/**
 * The part of the catalog that the query of a request asks for.
 * @throws Refusal with the faults of the query
 */
export async function readCatalog(context: RestContext): Promise<CatalogPart> {
  const organizationId = await organizationOf(context);
  const { modelGroups } = await context.env.graph.ask(ReadCatalog, { organizationId });
  const { showAll, category, configured } = parseBody(CatalogQuery, context.req.query(), 400);
  const isWanted = ({ access, model }: ModelOption) =>
    (showAll === 'true' || access.allowed) &&
    (!category || [model.creator, ...tagsOf(model)].includes(category.toLowerCase()));

  const groups = modelGroups
    .map((group) => ({ ...group, options: group.options.filter(isWanted) }))
    .filter(({ options }) => options.length > 0 && (configured !== 'true' || options.some(isConfigured)));
  return { organizationId, groups };
}

/** The ids of the models that the organization ever used. */
export async function readUsedModels(graph: Graph, organizationId: string): Promise<ReadonlySet<string>> {
  const { modelConfigUsage } = await graph.ask(ReadUsedModels, { organizationId });
  return new Set(modelConfigUsage.flatMap(({ model }) => model?.id ?? []));
}

export const isConfigured = ({ modelConfigIds }: ModelOption) => modelConfigIds.length > 0;
