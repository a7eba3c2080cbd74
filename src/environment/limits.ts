import type { z } from 'zod';
import { type LimitName, type Limits, limitRules } from '../limits.ts';
import { redisUrl, whole } from './values.ts';
import type { Section, Variable } from './variable.ts';

/** A variable that sets a limit. */
export interface LimitVariable {
  section: Section;
  schema: z.ZodDefault<ReturnType<typeof whole>>;
  description: string;
}

type LimitVariables = { [Name in LimitName as (typeof limitRules)[Name]['variable']]: LimitVariable };

const names = Object.keys(limitRules) as LimitName[];

const limitVariables = Object.fromEntries(
  names.map((name) => {
    const { variable, value, from, to, section, description } = limitRules[name];
    return [variable, { section, schema: whole(from, to).default(value), description } satisfies LimitVariable];
  }),
) as LimitVariables;

export const limits = {
  REDIS_URL: {
    section: 'Rate limits',
    schema: redisUrl.optional(),
    description: 'The Redis in which several processes count together what clients spend',
    details: 'While it does not answer, each process counts for itself.',
    absent: 'none (each process counts for itself)',
    example: 'redis://localhost:6379',
  },
  ...limitVariables,
} satisfies Record<string, Variable>;

/** The limits that the variables set. */
export function limitsFrom(given: Readonly<Record<keyof LimitVariables, number>>): Limits {
  return Object.fromEntries(names.map((name) => [name, given[limitRules[name].variable]])) as Limits;
}
