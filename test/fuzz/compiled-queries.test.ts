import fc from 'fast-check';
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema/schema.ts';
import { compile } from '../../src/server/plugins/compile-query.ts';
import { startService } from '../kit/service.ts';
import { printOperation, type Selection } from './document.ts';
import { mostly } from './oddities.ts';
import { rootFields, rootSelections } from './operations.ts';
import { setScene } from './scene.ts';
import { createValues } from './values.ts';

// FUZZ_SEED=7 asks other queries, FUZZ_QUERIES=3000 more of them.
const seed = Number(process.env.FUZZ_SEED ?? 12);
const queries = Number(process.env.FUZZ_QUERIES ?? 300);
/** Executions after which a query has been compiled, and one more. */
const times = 5;
/** A failure ends the search for a smaller one after this time. */
const longestMs = 60_000 + 100 * queries;

// Nothing is cached, so that each answer is executed.
const service = await startService({
  cache: { bytes: 0, entries: 0 },
  limits: { viewerPoints: 0, addressPoints: 0, complexity: 1_000_000 },
});
const scene = await setScene(service);
const values = createValues(scene);

/** Queries without what is never compiled: another test asks those. */
const query = fc
  .record({
    selections: fc.array(
      fc
        .constantFrom(...rootFields.filter(({ kind, name }) => kind === 'query' && name !== 'providerKeySecret'))
        .chain(rootSelections(values)),
      { minLength: 1, maxLength: 3 },
    ),
    isPlain: mostly(fc.constant(true), fc.constant(false), 20),
    sender: mostly(fc.constant('the owner'), fc.constantFrom('a member', 'an outsider', 'a key that may READ'), 40),
  })
  .map(({ selections, isPlain, sender }) => ({
    ...printOperation('query', numbered(isPlain ? selections.map(plain) : selections)),
    sender,
  }));

/** Two of one name, and with other arguments, would not be valid. */
function numbered(selections: readonly Selection[]): Selection[] {
  return selections.map((selection, index) => ('on' in selection ? selection : { ...selection, alias: `r${index}` }));
}

/** As a query that is compiled: without conditions, and with its lists, objects and texts as variables. */
function plain(selection: Selection): Selection {
  if ('on' in selection) return { ...selection, selections: selection.selections.map(plain) };
  const { alias, directive: _, arguments: given, selections, ...rest } = selection;
  return {
    ...rest,
    alias: alias?.startsWith('_') ? undefined : alias,
    arguments: given.map((argument) => ({
      ...argument,
      isVariable: argument.isVariable || typeof argument.value === 'object' || typeof argument.value === 'string',
    })),
    selections: selections?.map(plain),
  };
}

interface Failure {
  message: string;
  path?: (string | number)[];
  extensions: Record<string, unknown>;
}

interface Answer {
  data?: unknown;
  errors?: Failure[];
}

async function answer(body: string, sender: string): Promise<string> {
  const headers = { 'content-type': 'application/json', ...scene.senders[sender] };
  const response = await service.fetch(new Request('http://localhost/graphql', { method: 'POST', headers, body }));
  const { errors, ...told }: Answer = await response.json();
  const failures = errors && [...new Set(errors.map((error) => failureOf(error, told.data)))].sort();
  return JSON.stringify([response.status, told, failures]);
}

/**
 * What is always the same of an error. The order is not, which is that of the database; nor which one of several it is that
 * empties an object above them: there it is the place of the object.
 */
function failureOf(
  { path = [], extensions: { traceId: _, timestamp: __, ...extensions }, ...error }: Failure,
  data: unknown,
) {
  let value = data;
  const depth = path.findIndex((key) => {
    if (value === null || value === undefined) return true;
    value = (value as Record<string | number, unknown>)[key];
    return false;
  });
  return JSON.stringify(depth < 0 ? { ...error, path, extensions } : path.slice(0, depth));
}

describe(`queries at random (FUZZ_SEED=${seed})`, () => {
  it(
    'are answered by the compiler, to the byte, as by the interpreter',
    async () => {
      let compiled = 0;
      const property = fc.asyncProperty(query, async ({ sender, ...asked }) => {
        const body = JSON.stringify(asked);
        const first = await answer(body, sender);
        for (let time = 1; time < times; time++) expect(await answer(body, sender)).toBe(first);
        if (
          first.startsWith('[200,') &&
          first.endsWith(',null]') &&
          compile(schema, parse(asked.query), undefined, (values) => values)
        )
          compiled++;
      });
      await fc.assert(property, {
        seed,
        numRuns: queries,
        interruptAfterTimeLimit: longestMs,
        includeErrorInReport: true,
      });
      expect(compiled).toBeGreaterThan(queries / 4);
    },
    2 * longestMs,
  );
});
