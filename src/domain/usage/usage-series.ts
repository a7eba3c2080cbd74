import { z } from 'zod';
import type { Catalog } from '../../catalog/catalog.ts';
import { isProviderSlug } from '../../catalog/providers.ts';
import { Prisma } from '../../database/generated/prisma/client.ts';
import type { Database } from '../../database/pool/client.ts';
import { ValidationError } from '../../errors/base.ts';
import { modelName } from '../../policy/model-selector.ts';
import { parseInput } from '../input/validation.ts';
import { rollupsIn, sums, type UsageSums } from './usage.ts';
import { type Granularity, granularities, maxPoints, parsePeriod, piecesOf, pointsOf } from './usage-period.ts';
import { targetOf, type UsageTarget } from './usage-target.ts';

/** The use of models in an hour, day or month. */
export interface UsagePoint extends UsageSums {
  /** Its beginning. */
  at: Date;
}

/** The validated arguments of a series. */
export interface SeriesArguments {
  from: Date;
  to: Date;
  granularity: Granularity;
  provider: string | null;
  model: UsageTarget | null;
}

const SeriesInput = z.object({
  granularity: z.enum(granularities),
  from: z.date(),
  to: z.date(),
  provider: z.string().refine(isProviderSlug, 'is not a provider').nullish(),
  modelKey: modelName.nullish(),
});

/**
 * Parses the arguments of a series: the period in whole hours, the model by its canonical names.
 * @throws ValidationError
 */
export function parseSeriesArguments(catalog: Catalog, input: unknown): SeriesArguments {
  const { granularity, provider = null, modelKey = null, ...given } = parseInput(SeriesInput, input);
  const { from, to } = parsePeriod(given);
  const period = { from: from ?? given.from, to: to ?? given.to };
  if (pointsOf(period, granularity, maxPoints + 1).length > maxPoints) {
    const message = `a series has ${maxPoints} points at most; ask for a shorter period, or less finely`;
    throw new ValidationError([{ path: 'to', message }]);
  }

  const model = modelKey === null ? null : (targetOf(catalog, modelKey) ?? null);
  if (modelKey !== null && model === null) {
    throw new ValidationError([
      { path: 'modelKey', message: 'the catalog has no such model; name others `provider/key`' },
    ]);
  }
  return { ...period, granularity, provider, model };
}

/** A point for every hour, day or month of the period, in order; the first and last are cut to the period. */
export async function findUsageSeries(
  db: Database,
  organizationId: string,
  { granularity, provider, model, ...period }: SeriesArguments,
): Promise<UsagePoint[]> {
  const pieces = granularity === 'HOUR' ? { days: null, hours: [period] } : piecesOf(period);
  const found = await db.query<UsagePoint>`
    SELECT date_trunc(${granularity.toLowerCase()}, u."at", 'UTC') AS "at", ${sums}
    FROM (${rollupsIn([organizationId], period, { pieces })}) u
    WHERE true ${provider === null ? Prisma.empty : Prisma.sql`AND "provider" = ${provider}`}
      ${model === null ? Prisma.empty : Prisma.sql`AND "provider" = ${model.provider} AND "modelId" = ${model.modelId}`}
    GROUP BY 1`;
  const known = new Map(found.map((row) => [row.at.getTime(), row]));
  return pointsOf(period, granularity, maxPoints).map((at) => known.get(at.getTime()) ?? { at, ...noUsage });
}

// Without usage the cost is known: it is 0, not null.
const noUsage: UsageSums = { usageCount: 0n, promptTokens: 0n, completionTokens: 0n, cost: '0', unpricedCount: 0n };
