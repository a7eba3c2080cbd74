import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
  type SqlQuery,
  type SqlResultSet,
} from '@prisma/driver-adapter-utils';
import pg from 'pg';

// The WebAssembly build of the engine that the Prisma CLI downloads. It is published for Prisma's own use: its version is
// pinned to the CLI's, and only this file knows how to call it.
const { resolve } = createRequire(import.meta.url);
const schemaPath = join(import.meta.dirname, '../../prisma/schema.prisma');

/** The SQL that takes a migrated database to `prisma/schema.prisma`; empty when the two agree. */
export async function diffSchema(databaseUrl: string, { schema }: { schema?: string } = {}): Promise<string> {
  const files = [{ path: schemaPath, content: schema ?? (await readFile(schemaPath, 'utf8')) }];
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  try {
    const SchemaEngine = await loadEngine();
    const adapter = bindMigrationAwareSqlAdapterFactory(introspectingAdapter(pool));
    const engine = await SchemaEngine.new({ datamodels: undefined }, () => {}, adapter);
    const { stdout } = await engine.diff({
      // Which is the adapter's database.
      from: { tag: 'schemaDatasource', files, configDir: dirname(schemaPath) },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    return stdout?.trim() === '-- This is an empty migration.' ? '' : (stdout ?? '');
  } finally {
    await pool.end();
  }
}

// Its types come with those of the browser only, which would bring `window` along.
const { WebAssembly: webAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(program: Uint8Array, imports: object): Promise<{ instance: { exports: { __wbindgen_start(): void } } }>;
  };
};

// Once for the process: the bindings keep views of one instance's memory.
let loading: ReturnType<typeof instantiateEngine> | undefined;
function loadEngine() {
  loading ??= instantiateEngine();
  return loading;
}

async function instantiateEngine() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const path = resolve('@prisma/schema-engine-wasm/schema_engine_bg').replace(/\.js$/, '.wasm');
  // Its own entry imports the .wasm file, which Node does not do without a flag.
  const { instance } = await webAssembly.instantiate(await readFile(path), { './schema_engine_bg.js': bindings });
  const { __wbg_set_wasm, SchemaEngine } = bindings as typeof bindings & { __wbg_set_wasm(exports: unknown): void };
  // Where the engine says why it panicked, before it throws.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: { set_message: (message: string) => process.emitWarning(message) },
  });
  __wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return SchemaEngine;
}

/** Prisma's adapter, but for queries on the system catalogs: it refuses the type "char", which they are full of. */
function introspectingAdapter(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg(pool);
  const queryRaw = async ({ sql, args }: SqlQuery): Promise<SqlResultSet> => {
    const { fields, rows } = await pool.query({ text: sql, values: args, rowMode: 'array' });
    return {
      columnNames: fields.map(({ name }) => name),
      columnTypes: fields.map(({ dataTypeID }) => columnTypes[dataTypeID] ?? ColumnTypeEnum.Text),
      rows,
    };
  };
  const connect = async () => Object.assign(await factory.connect(), { queryRaw });
  return { provider: factory.provider, adapterName: factory.adapterName, connect, connectToShadowDb: connect };
}

// By object id, as in pg_type; what the catalogs hold besides these is text.
const columnTypes: Record<number, SqlResultSet['columnTypes'][number]> = {
  16: ColumnTypeEnum.Boolean,
  18: ColumnTypeEnum.Character,
  20: ColumnTypeEnum.Int64,
  21: ColumnTypeEnum.Int32,
  23: ColumnTypeEnum.Int32,
  26: ColumnTypeEnum.Int64,
  1002: ColumnTypeEnum.CharacterArray,
  1003: ColumnTypeEnum.TextArray,
  1005: ColumnTypeEnum.Int32Array,
  1007: ColumnTypeEnum.Int32Array,
  1009: ColumnTypeEnum.TextArray,
  1028: ColumnTypeEnum.Int64Array,
};
