import { z } from 'zod';
import type { RestAnswer } from './rest.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface Example {
  summary: string;
  value: unknown;
}

interface Header {
  required?: boolean;
}

interface Reference {
  $ref: string;
}

interface Response {
  description: string;
  headers?: Record<string, Header | Reference>;
  content?: Record<string, { schema: object; examples?: Record<string, Example> }>;
}

/** A parameter, as an operation of the document has it. */
export interface Parameter {
  name: string;
  in: string;
  required: boolean;
  description: string;
  schema: { example?: unknown };
}

interface Described {
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters?: Parameter[];
  requestBody?: { content: { 'application/json': { schema: object; examples?: Record<string, Example> } } };
  responses: Record<string, Response | Reference>;
}

/** One operation of an OpenAPI document. */
export interface Operation {
  /** `PUT /v1/model-configs/{id}` */
  name: string;
  method: string;
  path: string;
  operationId: string;
  summary: string;
  description: string;
  tags: string[];
  security: Record<string, string[]>[];
  parameters: Parameter[];
  takesBody: boolean;
  /** Bodies that the document gives, each under its name. */
  examples: Record<string, Example>;
  responses: Record<string, Response>;
}

export interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string; description: string }[];
  components: {
    schemas: Record<string, { description?: string; required?: string[]; properties?: Record<string, object> }>;
    responses: Record<string, Response>;
    headers: Record<string, Header>;
    securitySchemes: Record<string, object>;
  };
  paths: Record<string, Record<string, Described>>;
}

/** All operations, in the order of the document. */
export function operationsOf({ paths, components }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody, responses, ...described }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      ...described,
      parameters,
      takesBody: requestBody !== undefined,
      examples: requestBody?.content['application/json'].examples ?? {},
      responses: Object.fromEntries(
        Object.entries(responses).map(([status, response]) => [status, resolved(response, components.responses)]),
      ),
    })),
  );
}

function resolved<Entry extends object>(entry: Entry | Reference, components: Record<string, Entry>): Entry {
  if (!('$ref' in entry)) return entry;
  const found = components[entry.$ref.split('/').at(-1) ?? ''];
  if (!found) throw new Error(`${entry.$ref} is not there`);
  return found;
}

/**
 * What is wrong with an answer, by what is documented of its status: nothing, if it has all headers and fields that are required,
 * and no field that is not documented.
 */
export function faultsOf(
  { components }: OpenApi,
  { name, responses }: Operation,
  { status, headers, body }: RestAnswer,
): string[] {
  const documented = responses[status];
  if (!documented) return [`${name} is not said to answer ${status}`];
  const missing = Object.entries(documented.headers ?? {})
    .filter(([header, entry]) => resolved(entry, components.headers).required && !headers.has(header))
    .map(([header]) => `${name} ${status} has no ${header}`);
  const [[type, { schema }] = ['', {}]] = Object.entries(documented.content ?? {});
  if (!schema) return body === undefined ? missing : [`${name} is not said to have a body with ${status}`];

  const parser = parserOf(schema, components);
  const parts = type === 'application/x-ndjson' ? linesOf(body) : [body];
  return [
    ...missing,
    ...parts.flatMap((part) => {
      const { error } = parser.safeParse(part);
      return error ? [`${name} ${status}: ${z.prettifyError(error)}`] : [];
    }),
  ];
}

const linesOf = (body: unknown): unknown[] =>
  String(body)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

const parsers = new WeakMap<object, z.ZodType>();

/** Parses what has this schema of a document, and no field beside. */
export function parserOf(schema: object, { schemas }: Pick<OpenApi['components'], 'schemas'>): z.ZodType {
  const parser = parsers.get(schema) ?? z.fromJSONSchema(closed({ ...schema, $defs: schemas }) as JsonSchema);
  parsers.set(schema, parser);
  return parser;
}

/** The schema as JSON Schema, in which no object has fields that are not said. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) {
    return typeof schema === 'string' ? schema.replace('#/components/schemas/', '#/$defs/') : schema;
  }
  const entries = Object.entries(schema).map(([name, value]) => [name, closed(value)]);
  const isOpen = !('properties' in schema) || 'additionalProperties' in schema;
  return { ...Object.fromEntries(entries), ...(isOpen ? {} : { additionalProperties: false }) };
}
