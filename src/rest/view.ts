import { z } from '@hono/zod-openapi';

/** An object of the graph, as a document selects it. */
// biome-ignore lint/suspicious/noExplicitAny: a test validates the documents, and the answers, against their schemas.
export type Row = Record<string, any>;

/** Where a field of a view comes from. */
export interface Field {
  schema: z.ZodType;
  /** What is selected for it, as dotted paths. */
  paths: readonly string[];
  read: (row: Row) => unknown;
}

/** What is shown of an object of the graph: the schema of it, its selection and its values all come from one table of fields. */
export interface View {
  schema: z.ZodType;
  paths: readonly string[];
  show: (row: Row) => Row;
}

/**
 * A view with these fields, in their order. A field that is a schema alone has its name in the graph too; one of a literal, or
 * null, is always that.
 */
export function view(
  fields: Record<string, z.ZodType | Field>,
  name?: string,
  description?: { description: string },
): View {
  const entries = Object.entries(fields).map(([name, field]): [string, Field] => [
    name,
    field instanceof z.ZodType ? from(name, field) : field,
  ]);
  const schema = z.object(Object.fromEntries(entries.map(([name, field]) => [name, field.schema])));
  return {
    schema: name === undefined ? schema : schema.openapi(name, description),
    paths: [...new Set(entries.flatMap(([, { paths }]) => paths))],
    show: (row) => {
      const shown: Row = {};
      for (const [name, { read }] of entries) shown[name] = read(row);
      return shown;
    },
  };
}

/** A field that is read from another place: `user.id`. Its value is written as its schema says. */
export function from(path: string, schema: z.ZodType): Field {
  if (schema instanceof z.ZodNull) return { schema, paths: [], read: () => null };
  if (schema instanceof z.ZodLiteral) return { schema, paths: [], read: () => schema.value };
  const write = writerOf(schema);
  const [first = '', ...others] = path.split('.');
  if (others.length === 0) return { schema, paths: [path], read: (row) => write(row[first]) };
  return { schema, paths: [path], read: (row) => write(others.reduce((value, name) => value?.[name], row[first])) };
}

/** A field that is made of several, or of what is no part of the graph. */
export function made(schema: z.ZodType, paths: readonly string[], make: (row: Row) => unknown): Field {
  return { schema, paths, read: make };
}

/** The graph has decimals and large numbers as text, enum values in capitals, and null for what is absent here. */
function writerOf(schema: unknown): (value: unknown) => unknown {
  if (schema instanceof z.ZodOptional) return unless(undefined, writerOf(schema.unwrap()));
  if (schema instanceof z.ZodNullable) return unless(null, writerOf(schema.unwrap()));
  if (schema instanceof z.ZodNumber) return Number;
  if (schema instanceof z.ZodEnum) return (value) => String(value).toLowerCase();
  return (value) => value;
}

function unless(absent: null | undefined, write: (value: unknown) => unknown) {
  return (value: unknown) => (value === null || value === undefined ? absent : write(value));
}
