// Arrows point one way: main → server → schema, rest → domain → database, catalog. A row may import itself and what it
// names, and nothing else of src.
const mayImport = {
  'main.ts': ['commands'],
  commands: ['env.ts', 'limits.ts', 'server.ts', 'server', 'auth', 'domain', 'catalog', 'database', 'errors.ts'],
  'server.ts': [
    'server',
    'rest',
    'schema',
    'context.ts',
    'auth',
    'domain',
    'catalog',
    'database',
    'errors.ts',
    'limits.ts',
  ],
  server: ['context.ts', 'auth', 'domain', 'catalog', 'database', 'errors.ts', 'limits.ts'],
  rest: ['schema', 'context.ts', 'auth', 'errors.ts', 'limits.ts'],
  schema: [
    'context.ts',
    'auth',
    'domain',
    'catalog',
    'database/generated',
    'errors.ts',
    'model-errors.ts',
    'limits.ts',
  ],
  'context.ts': ['loaders.ts', 'auth', 'domain', 'catalog', 'database', 'errors.ts', 'limits.ts'],
  'loaders.ts': ['auth', 'domain', 'catalog'],
  auth: ['context.ts', 'domain', 'database', 'errors.ts'],
  domain: ['catalog', 'database', 'errors.ts', 'model-errors.ts', 'limits.ts'],
  database: ['errors.ts'],
  catalog: [],
  client: [],
  'env.ts': ['domain', 'database', 'catalog', 'limits.ts'],
  'limits.ts': [],
  'errors.ts': [],
  'model-errors.ts': ['errors.ts'],
};

const generated = '^src/database/generated/';
const catalogSources = '^src/catalog/(build|overlay)/';

/** The path of a row of the table, as a pattern. */
const pathOf = (name) => `^src/${name.replace('.', '\\.')}${name.endsWith('.ts') ? '$' : '/'}`;

const arrows = Object.entries(mayImport).map(([name, others]) => ({
  name: `from-${name}`,
  comment: `${name} may import ${['itself', ...others].join(', ')}, and nothing else of src.`,
  from: { path: pathOf(name), pathNot: generated },
  to: { path: '^src/', pathNot: [name, ...others].map(pathOf) },
}));

const rules = [
  {
    name: 'every-file-has-its-place',
    comment: 'A new folder or file of src needs a row in the table of .dependency-cruiser.js.',
    from: { path: '^src/', pathNot: Object.keys(mayImport).map(pathOf) },
    to: {},
  },
  {
    name: 'domain-knows-no-graphql',
    comment: 'Rules are written without the graph: domain, catalog and database import nothing of it.',
    from: { path: '^src/(domain|catalog|database)/', pathNot: generated },
    to: { path: 'node_modules/(graphql|graphql-[^/]+|@graphql-[^/]+|@pothos|@envelop)/' },
  },
  {
    name: 'policy-knows-no-database',
    comment: 'The decision is a pure function: nothing that policy.ts imports, however far away, reaches the database.',
    from: { path: '^src/domain/policy\\.ts$' },
    to: { path: '^src/database/', pathNot: generated, reachable: true },
  },
  {
    name: 'catalog-is-built-beforehand',
    comment: 'The service reads models.json; it does not know how the catalog is built.',
    from: { path: '^src/', pathNot: catalogSources },
    to: { path: catalogSources },
  },
  {
    name: 'no-development-packages',
    comment: 'What runs in production imports no devDependencies; only the build of the catalog does.',
    from: { path: '^src/', pathNot: catalogSources },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm'] },
  },
  {
    name: 'no-tests',
    comment: 'src imports nothing of test.',
    from: { path: '^src/' },
    to: { path: '^test/' },
  },
  {
    name: 'no-cycles',
    comment: 'A file that needs itself, by way of others, is two files that are one.',
    from: { pathNot: generated },
    to: { circular: true },
  },
  {
    name: 'no-missing-files',
    comment: 'What is imported must be there.',
    from: { path: '^src/' },
    to: { couldNotResolve: true },
  },
];

export default {
  forbidden: [...arrows, ...rules].map((rule) => ({ severity: 'error', ...rule })),
  options: {
    // TypeScript 7 has no API to parse with. Imports of types count like any other.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      // Of packages that hold types alone, too.
      mainFields: ['module', 'main', 'types', 'typings'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
