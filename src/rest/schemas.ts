import { z } from '@hono/zod-openapi';
import { type LimitName, limitRules, maxIdLength } from '../limits.ts';

/** The schema of a moment. */
export const moment = z.string().openapi({ format: 'date-time', example: '2026-03-01T10:30:00Z' });

/** The schema of an id in a path, of which longer ones are refused. */
export const idInPath = z.string().max(maxIdLength);

/** Metadata of a list that has at most as many entries as a limit of the service says: `limited` writes the number. */
export function atMost(limit: LimitName) {
  const { variable, value } = limitRules[limit];
  return { maxItems: value, 'x-limit': variable };
}

/** Writes the limits of a service in the place of the defaults: a replacer for `JSON.stringify`. */
export function limited(limits: Readonly<Record<LimitName, number>>) {
  const names = new Map(Object.entries(limitRules).map(([name, { variable }]) => [variable, name as LimitName]));
  return (_key: string, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('x-limit' in value)) return value;
    const name = names.get(value['x-limit'] as never);
    return name === undefined ? value : { ...value, maxItems: limits[name] };
  };
}
