// Writes what is generated, or checks it:
//
//   tsx codegen.ts              Prisma's client, Pothos' types, schema.graphql and the typed operations of the tests
//   tsx codegen.ts --check      the same, but leaves schema.graphql as it is and fails where it is out of date
//   tsx codegen.ts --ignored    only what git ignores: what an installation needs, so that it alters no committed file
//   tsx codegen.ts --if-stale   does nothing where neither tables nor operations have changed since
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';

const operationsFolder = 'test/generated/';
const stampFile = join(operationsFolder, 'inputs.sha256');

const options = { check: { type: 'boolean' }, ignored: { type: 'boolean' }, 'if-stale': { type: 'boolean' } } as const;

process.chdir(import.meta.dirname);
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const stamp = stampOfInputs();
  if (values['if-stale'] && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 0;

  const failure = generateDatabaseClient();
  if (failure !== undefined) return fail(failure);

  const files = await generateGraph();
  for (const { filename, content } of files) {
    const present = existsSync(filename) ? readFileSync(filename, 'utf8') : '';
    if (present === content || (values.ignored && filename === 'schema.graphql')) continue;
    if (values.check && filename === 'schema.graphql') {
      return fail(
        `schema.graphql is not what src/schema says, from line ${firstDifference(present, content)} on. ` +
          'Run npm run generate, read the difference, and commit it.',
      );
    }
    mkdirSync(dirname(filename), { recursive: true });
    writeFileSync(filename, content);
  }
  writeFileSync(stampFile, stamp);
  return 0;
}

/** Nothing, or what Prisma says is wrong. */
function generateDatabaseClient(): string | undefined {
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, 'generate', '--no-hints'], {
    encoding: 'utf8',
  });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

async function generateGraph(): Promise<{ filename: string; content: string }[]> {
  // Only now, as the schema stands on what was generated for the database.
  const [{ generate }, { printSchema }, { schema }] = await Promise.all([
    import('@graphql-codegen/cli'),
    import('graphql'),
    import('./src/schema/schema.ts'),
  ]);
  return generate(
    {
      schema: printSchema(schema),
      documents: ['test/**/*.ts', `!${operationsFolder}**`],
      ignoreNoDocuments: true,
      silent: true,
      generates: {
        'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
        [operationsFolder]: {
          preset: 'client',
          presetConfig: { fragmentMasking: false },
          config: {
            useTypeImports: true,
            enumsAsTypes: true,
            importExtension: '.ts',
            emitLegacyCommonJSImports: false,
            scalars: { BigInt: 'string', DateTime: 'string', Decimal: 'string', JSONObject: 'Record<string, unknown>' },
          },
        },
      },
    },
    false,
  );
}

/**
 * Changes with everything that what is generated does when it runs: the tables, and the operations of the tests. (Types
 * also follow from the rest of src/schema; a full run, as before every check of types, brings those up to date.)
 */
function stampOfInputs(): string {
  const tests = readdirSync('test', { recursive: true, encoding: 'utf8' })
    .map((path) => join('test', path))
    .filter((path) => path.endsWith('.ts') && !path.startsWith(join(operationsFolder)))
    .sort();
  const hash = createHash('sha256');
  for (const file of ['codegen.ts', 'package-lock.json', 'schema.graphql', 'prisma/schema.prisma']) {
    hash.update(readFileSync(file));
  }
  for (const text of tests.map((file) => readFileSync(file, 'utf8'))) {
    if (text.includes('graphql(')) hash.update(text);
  }
  return hash.digest('hex');
}

function firstDifference(left: string, right: string): number {
  const lines = right.split('\n');
  return left.split('\n').findIndex((line, index) => line !== lines[index]) + 1 || 1;
}

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
