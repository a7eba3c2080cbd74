import type { z } from 'zod';

/** The sections of `.env.example`, in order. Each is a heading of docs/configuration.md, with a table of its variables. */
export const sections = [
  'Network',
  'Logging',
  'Metrics',
  'Traces',
  'Embedded database',
  'Database',
  'Authentication',
  'Provider keys',
  'Ledger',
  'Organizations',
  'Console',
  'GraphiQL',
  'Introspection',
  'CORS',
  'Persisted (trusted) documents',
  'Federation',
  'Proxies and gateways',
  'Caching',
  'Depth, aliases and tokens',
  'Query cost',
  'Rate limits',
  'Pages and lists',
  'Quotas',
  'Request bodies',
  'Response size',
  'Timeouts',
  'Subscriptions',
] as const;

export type Section = (typeof sections)[number];

interface Documented {
  section: Section;
  /** What it is, in Markdown, without a full stop: for docs/configuration.md and `.env.example`. */
  description: string;
  /** Further sentences, for `.env.example` alone. */
  details?: string;
}

interface WithDefault {
  schema: z.ZodDefault;
  absent?: never;
  /** What `.env.example` shows, if not the default. */
  example?: string;
}

interface WithoutDefault {
  schema: z.ZodOptional;
  /** What the documentation gives as the default. */
  absent: string;
  example: string;
}

/** A variable of the environment: its rule, and its documentation. What its rule says is not repeated there. */
export type Variable = Documented & (WithDefault | WithoutDefault);

/** The shape of an object that has these variables. */
export function shapeOf<Variables extends Record<string, Variable>>(variables: Variables) {
  const entries = Object.entries(variables).map(([name, { schema }]) => [name, schema]);
  return Object.fromEntries(entries) as { [Name in keyof Variables]: Variables[Name]['schema'] };
}
