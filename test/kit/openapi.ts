import { z } from 'zod';
import type { RestAnswer } from './rest.ts';

type JsonSchema = Parameters<typeof z.fromJSONSchema>[0];

interface Response {
  content?: { 'application/json': { schema: object } };
}

/** One operation of an OpenAPI document. */
export interface Operation {
  /** `PUT /v1/model-configs/{id}` */
  name: string;
  method: string;
  path: string;
  takesBody: boolean;
  responses: Record<string, Response>;
}

export interface OpenApi {
  openapi: string;
  components: { schemas: Record<string, { required?: string[]; properties?: object }> };
  paths: Record<string, Record<string, { summary: string; requestBody?: object; responses: Record<string, Response> }>>;
}

/** All operations, in the order of the document. */
export function operationsOf({ paths }: OpenApi): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody, responses }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      takesBody: requestBody !== undefined,
      responses,
    })),
  );
}

/**
 * What is wrong with an answer, by what is documented of its status: nothing, if it has all that is required and no field
 * that is not documented.
 */
export function faultsOf(
  { components }: OpenApi,
  { name, responses }: Operation,
  { status, body }: RestAnswer,
): string[] {
  const documented = responses[status];
  if (!documented) return [`${name} is not said to answer ${status}`];
  const schema = documented.content?.['application/json'].schema;
  if (!schema) return body === undefined ? [] : [`${name} is not said to have a body with ${status}`];

  const jsonSchema = closed({ ...schema, $defs: components.schemas }) as JsonSchema;
  const parsed = z.fromJSONSchema(jsonSchema).safeParse(body);
  return parsed.success ? [] : [`${name} ${status}: ${z.prettifyError(parsed.error)}`];
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
