/**
 * Prisma's schema engine, as the WebAssembly that npm installed; nothing is downloaded
 * (docs/decisions/0002-prisma-without-downloads.md). It reads and writes the same `_prisma_migrations` as Prisma's CLI.
 */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';
import { createMigrationAdapter } from './migration-adapter.ts';
import { prepareSession } from './prepare-session.ts';

export type OpenSchemaEngine = { engine: SchemaEngine; close(): Promise<void> };

/**
 * Opens the engine on the database at `url`. Close it, or its connections stay.
 *
 * @param datamodels path and text of schema.prisma, for what compares it with something
 */
export async function openSchemaEngine(
  url: string,
  onLog: (line: string) => void,
  datamodels?: [string, string][],
): Promise<OpenSchemaEngine> {
  await load();
  // One connection, and for as long as the engine is open: it takes a lock that belongs to the connection.
  const pool = new pg.Pool({
    ...{ connectionString: url, max: 1, idleTimeoutMillis: 0 },
    onConnect: prepareSession,
  });
  pool.on('error', () => {
    // An idle connection broke: the next call of the engine opens another or says why it cannot.
  });
  const adapter = bindMigrationAwareSqlAdapterFactory(createMigrationAdapter(pool));
  try {
    const engine: SchemaEngine = await bindings.SchemaEngine.new({ datamodels }, onLog, adapter);
    return {
      engine,
      async close() {
        engine.free();
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}

/** What we use of WebAssembly, whose types TypeScript has for browsers alone. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

let loaded: Promise<void> | undefined;

/** By hand, and not by the package's own entry: importing a .wasm file makes Node print a warning at every start. */
function load(): Promise<void> {
  loaded ??= (async () => {
    // Where the engine's code looks for whom to tell of a panic; without it a panic would hide behind a TypeError.
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: failWith } });
    const glue = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const bytes = await readFile(path.join(path.dirname(glue), 'schema_engine_bg.wasm'));
    const { instance } = await WebAssembly.instantiate(bytes, {
      './schema_engine_bg.js': withoutHoldingUp(bindings),
    });
    bindings.__wbg_set_wasm(instance.exports);
    const start = instance.exports.__wbindgen_start;
    if (typeof start === 'function') start();
  })();
  return loaded;
}

/**
 * The engine limits its wait for a lock with a timer of ten seconds, and forgets to clear it. Node would stay for it, so
 * timers made by the engine do not keep the process alive.
 */
function withoutHoldingUp(imports: object): object {
  return Object.fromEntries(
    Object.entries(imports).map(([name, value]) => [
      name,
      name.startsWith('__wbg_setTimeout') && typeof value === 'function' ? unreferencing(value) : value,
    ]),
  );
}

const unreferencing =
  (makeTimer: (...args: unknown[]) => unknown) =>
  (...args: unknown[]): unknown => {
    const timer = makeTimer(...args);
    return timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function'
      ? timer.unref()
      : timer;
  };

function failWith(message: string): never {
  throw new Error(`Prisma's schema engine failed: ${message}`);
}
