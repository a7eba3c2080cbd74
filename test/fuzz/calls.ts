import fc, { type Arbitrary } from 'fast-check';
import { misfits, mostly, perhaps } from './oddities.ts';
import { bytesOf, commonHeaders, damage, escapeAll, type FuzzedRequest, given, rarely, sendersOf } from './request.ts';
import type { Scene } from './scene.ts';
import type { Value } from './value.ts';
import type { Values } from './values.ts';

interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  enum?: Value[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: JsonSchema;
}

interface Described {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { schema: JsonSchema }> };
}

/** As much of an OpenAPI document as requests are made from. */
export interface Described31 {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, JsonSchema> };
}

/** The operations of a document by their names: `PUT /v1/model-configs/{id}`. */
export function callNames({ paths }: Described31): string[] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => nameOf(method, path)));
}

function nameOf(method: string, path: string): string {
  return `${method.toUpperCase()} ${path}`;
}

const etags = fc.constantFrom('*', '"0"', '"3"', 'W/"3"', '"999999999999"', '""', '"1", "2"', 'x', '"-1"', ',');
const oddParts = fc.constantFrom(
  ...['', '.', '..', '%2e%2e', '%', '%ff', '%00', 'a/b', 'a%2fb', '%ED%A0%80', ' x'.trim(), 'x'.repeat(5_000)],
);
const oddQueries = fc.constantFrom(
  '',
  '?',
  '?limit=1&limit=2',
  '?%=%',
  '?__proto__=1',
  '?limit[]=1',
  '?a=%00',
  `?x=${'y'.repeat(5_000)}`,
);

/** Calls of every operation of the document. */
export function callsOn(scene: Scene, values: Values, document: Described31): Arbitrary<FuzzedRequest> {
  const bodies = bodiesOf(values, document);
  const calls = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [], requestBody }]) => {
      const about = nameOf(method, path);
      const schema = requestBody?.content['application/json']?.schema;
      const valueFor = ({ name, schema: { enum: known } }: Parameter) =>
        known ? mostly(fc.constantFrom(...known.map(String)), values.text('', ''), 10) : textOf(name, about);
      const among = (place: Parameter['in']) => parameters.filter((parameter) => parameter.in === place);
      return fc
        .record({
          sender: sendersOf(scene, about),
          common: commonHeaders,
          parts: fc.record(
            Object.fromEntries(among('path').map((parameter) => [parameter.name, pathPart(valueFor(parameter))])),
          ),
          search: fc.record(
            Object.fromEntries(among('query').map((parameter) => [parameter.name, perhaps(valueFor(parameter), 40)])),
          ),
          odd: mostly(fc.constant(''), oddQueries, 3),
          headers: fc.record({
            'x-organization-id': rarely(values.id('organizationId', '').map(asHeader), 60),
            'if-match': rarely(etags, among('header').some(({ name }) => name === 'If-Match') ? 10 : 2),
          }),
          body: schema ? bodies(schema, about) : fc.constant(undefined),
          damage,
        })
        .map(({ sender: who, common, parts, search, odd, headers, body, damage: spoil }): FuzzedRequest => {
          const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? '');
          const query = Object.entries(search).flatMap(([name, value]) =>
            value === undefined ? [] : [`${name}=${escapeAll(value)}`],
          );
          const { 'content-type': contentType = '', ...others } = { ...common, ...given(headers) };
          return {
            about,
            sender: who,
            method: method.toUpperCase(),
            path: filled + (odd || (query.length > 0 ? `?${query.join('&')}` : '')),
            ...(body === undefined
              ? { headers: others }
              : { headers: { ...others, 'content-type': contentType }, body: spoil(bytesOf(JSON.stringify(body))) }),
          };
        });
    }),
  );
  return fc.oneof(...calls);

  function textOf(name: string, path: string): Arbitrary<string> {
    return /limit|skip/.test(name) ? values.number(name).map(String) : values.text(name, path);
  }
}

function pathPart(value: Arbitrary<string>): Arbitrary<string> {
  return mostly(value.map(escapeAll), oddParts, 4);
}

function asHeader(text: string): string {
  return bytesOf(text).replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?');
}

/** Bodies by their JSON Schema: most fit. */
function bodiesOf(values: Values, { components }: Described31) {
  const of = (
    { $ref, type, enum: known, properties, required = [], items }: JsonSchema,
    name: string,
    path: string,
  ): Arbitrary<Value> => {
    const referred = $ref && components.schemas[$ref.split('/').at(-1) ?? ''];
    if (referred) return of(referred, name, path);
    if (known) return mostly<Value>(fc.constantFrom(...known), misfits, 5);
    const fit = fitting([type ?? 'object'].flat()[0] ?? '', { properties, required, items }, name, path);
    return mostly<Value>(fit, misfits, 2);
  };
  const fitting = (
    type: string,
    {
      properties,
      required,
      items,
    }: { properties: JsonSchema['properties']; required: string[]; items: JsonSchema['items'] },
    name: string,
    path: string,
  ): Arbitrary<Value> => {
    if (type === 'boolean') return fc.boolean();
    if (type === 'number' || type === 'integer') return values.number(name);
    if (type === 'string') return values.text(name, path);
    if (type === 'array') return items ? fc.array(of(items, name, path), { maxLength: 3 }) : fc.constant([]);
    if (!properties) return values.settings;
    const entries = Object.entries(properties).map(([field, schema]) => {
      const entry = of(schema, field, path).map((value): Record<string, Value> => ({ [field]: value }));
      return mostly<Record<string, Value>>(entry, fc.constant({}), required.includes(field) ? 2 : 60);
    });
    const extra = mostly<Record<string, Value>>(
      fc.constant({}),
      fc.constantFrom<Record<string, Value>>(
        ...[{ unknown: 1 }, { organizationId: 'org_x' }, { id: null }],
        // As clients of the earlier system write them, of which the document shows one spelling.
        ...[{ disabled_models: ['gpt-4o'] }, { disabled_providers: [] }, { default_model_key: null }],
      ),
      2,
    );
    return fc.tuple(extra, ...entries).map((all) => Object.assign({}, ...all));
  };
  return (schema: JsonSchema, path: string) => of(schema, '', path);
}
