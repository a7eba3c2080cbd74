import { z } from '@hono/zod-openapi';
import { below, query, selectionOf } from '../documents.ts';
import type { Call } from '../route.ts';
import type { Row } from '../view.ts';
import { tagPaths, tagsOf } from './model.ts';

const flag = z.enum(['true', 'false']).optional();

export const CatalogQuery = z.object({
  showAll: flag.openapi({
    description: '`true`: list also models that the caller may not use. Else they are left out.',
  }),
  category: z
    .string()
    .optional()
    .openapi({ description: 'List only models of this `uiCategory`, or with this one of the `tags`.' }),
  configured: flag.openapi({ description: '`true`: list only what is configured.' }),
});

/** What a request is filtered by. */
const filterPaths = ['access.allowed', 'modelConfigIds', ...below('model', ['creator', ...tagPaths])];

/** Reads the groups of the catalog that the query of a request asks for. One without an option that is asked for is left out. */
export function catalog(name: string, groupPaths: readonly string[], optionPaths: readonly string[]) {
  const read = query(`query ${name}($organizationId: ID!) {
    groups: modelGroups(organizationId: $organizationId) {
      ${selectionOf([...groupPaths, ...below('options', [...filterPaths, ...optionPaths])])}
    }
  }`);
  return async ({ graph, organizationId, query }: Call<unknown, z.output<typeof CatalogQuery>>): Promise<Row[]> => {
    const { showAll, category, configured } = query;
    const isWanted = ({ access, model }: Row) =>
      (showAll === 'true' || access.allowed) &&
      (!category || [model.creator, ...tagsOf(model)].includes(category.toLowerCase()));

    const { groups }: Row = await read(graph, { organizationId });
    return groups
      .map((group: Row) => ({ ...group, options: group.options.filter(isWanted) }))
      .filter(({ options }: Row) => options.length > 0 && (configured !== 'true' || options.some(isConfigured)));
  };
}

export const isConfigured = ({ modelConfigIds }: Row): boolean => modelConfigIds.length > 0;
