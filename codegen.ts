// Writes what is generated, or checks it:
//
//   tsx codegen.ts              Prisma's client, Pothos' types, the committed files, the typed operations and the console
//   tsx codegen.ts --check      the same, but leaves the committed files as they are and fails where one is out of date
//   tsx codegen.ts --ignored    only what git ignores: what an installation needs, so that it alters no committed file
//   tsx codegen.ts --if-stale   does nothing where neither tables nor operations have changed since
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { clientFiles } from './clients/typescript/codegen/client-files.ts';
import { consoleFiles } from './codegen/console.ts';

/** Where operations are written: those of tests, in their code, and those of the client; and all that the console is built of. */
const operationFiles = /^(test\/.*\.ts|clients\/typescript\/operations\/.*\.graphql|src\/console\/.*)$/;
/** Where the service finds the documents that the client and the console may send by their ids. */
const persistedDocuments = 'src/server/request/persisted-documents.json';

const stampFile = 'test/generated/inputs.sha256';
const consoleFile = 'src/console/built/console.js';
const configurationFile = 'docs/configuration.md';
/**
 * The graph as it is served, and as a supergraph composes it; the documents that applications send, by their ids; and the
 * documentation of the variables of the environment.
 */
const committedFiles = [
  'schema.graphql',
  'schema.subgraph.graphql',
  persistedDocuments,
  '.env.example',
  configurationFile,
];

const options = { check: { type: 'boolean' }, ignored: { type: 'boolean' }, 'if-stale': { type: 'boolean' } } as const;

process.chdir(import.meta.dirname);
process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const stamp = stampOfInputs();
  const isThere = existsSync(stampFile) && existsSync(consoleFile);
  if (values['if-stale'] && isThere && readFileSync(stampFile, 'utf8') === stamp) return 0;

  const failure = generateDatabaseClient();
  if (failure !== undefined) return fail(failure);

  const files = [...(await generateGraph()), ...(values.ignored ? [] : await documentVariables())];
  for (const { filename, content } of files) {
    const present = existsSync(filename) ? readFileSync(filename, 'utf8') : '';
    const isCommitted = committedFiles.includes(filename);
    if (present === content || (values.ignored && isCommitted)) continue;
    if (values.check && isCommitted) {
      return fail(
        `${filename} is not what the source says, from line ${firstDifference(present, content)} on. ` +
          'Run npm run generate, read the difference, and commit it.',
      );
    }
    mkdirSync(dirname(filename), { recursive: true });
    writeFileSync(filename, content);
  }
  const fault = run(process.execPath, ['build/console.js']);
  if (fault !== undefined) return fail(fault);
  writeFileSync(stampFile, stamp);
  return 0;
}

/** Nothing, or what Prisma says is wrong. */
function generateDatabaseClient(): string | undefined {
  const prisma = createRequire(import.meta.url).resolve('prisma/build/index.js');
  return run(process.execPath, [prisma, 'generate', '--no-hints']);
}

/** Nothing, or what a program says where it fails. */
function run(program: string, parameters: string[]): string | undefined {
  const { status, stdout, stderr } = spawnSync(program, parameters, { encoding: 'utf8' });
  return status === 0 ? undefined : `${stdout}${stderr}`;
}

interface GeneratedFile {
  filename: string;
  content: string;
}

async function generateGraph(): Promise<GeneratedFile[]> {
  // Only now, as the schema stands on what was generated for the database.
  const [{ generate }, { printSchema }, { schema }, { subgraphSdl }] = await Promise.all([
    import('@graphql-codegen/cli'),
    import('graphql'),
    import('./src/schema/schema.ts'),
    import('./src/schema/subgraph.ts'),
  ]);
  const files: GeneratedFile[] = await generate(
    {
      schema: printSchema(schema),
      ignoreNoDocuments: true,
      silent: true,
      generates: {
        'schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true } },
        'test/generated/': {
          documents: ['test/**/*.ts', '!test/generated/**', '!**/node_modules/**'],
          preset: 'client' as const,
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
  const [client, console] = [await clientFiles(schema), await consoleFiles(schema)];
  const texts = { ...client.texts, ...console.texts };
  return [
    ...files,
    ...client.files,
    ...console.files,
    { filename: persistedDocuments, content: `${JSON.stringify(texts, null, 2)}\n` },
    { filename: 'schema.subgraph.graphql', content: subgraphSdl(schema) },
  ];
}

async function documentVariables(): Promise<GeneratedFile[]> {
  // Its imports stand on what was generated for the database, too.
  const { configurationPage, envExample } = await import('./codegen/configuration.ts');
  return [
    { filename: '.env.example', content: envExample() },
    { filename: configurationFile, content: configurationPage(readFileSync(configurationFile, 'utf8')) },
  ];
}

/**
 * Changes with everything that what is generated does when it runs: the tables, and the operations. (Types
 * also follow from the rest of src/schema; a full run, as before every check of types, brings those up to date.)
 */
function stampOfInputs(): string {
  const sources = [...filesIn('clients'), ...filesIn('test'), ...filesIn('src/console')].filter(
    (path) => operationFiles.test(path) && !/^(test|src\/console)\/(generated|built)\//.test(path),
  );
  const hash = createHash('sha256');
  const inputs = ['codegen.ts', 'package-lock.json', 'schema.graphql', 'prisma/schema.prisma'];
  for (const file of [...inputs, ...filesIn('clients/typescript/codegen'), ...filesIn('codegen')]) {
    hash.update(readFileSync(file));
  }
  for (const file of sources) {
    const text = readFileSync(file, 'utf8');
    const isSource =
      file.startsWith('src/console/') || /\bgraphql\(|^(query|mutation|subscription|fragment) /m.test(text);
    if (isSource) hash.update(text);
  }
  return hash.digest('hex');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .sort((left, right) => (left.name < right.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? filesIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

function firstDifference(left: string, right: string): number {
  const lines = right.split('\n');
  return left.split('\n').findIndex((line, index) => line !== lines[index]) + 1 || 1;
}

function fail(message: string): number {
  process.stderr.write(`${message}\n`);
  return 1;
}
