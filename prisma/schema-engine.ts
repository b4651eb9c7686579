#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which its CLI would otherwise download.
 *
 * The CLI runs this program in two ways, and both are answered by the WebAssembly engine that npm installed:
 *   `<this> --datasource '{"url":…}' cli can-connect-to-database`   exit 0, or one JSON error line and exit 1
 *   `<this> [--datamodels FILE]… --datasource '{"url":…}'`          JSON-RPC 2.0, one message a line, on stdin and stdout
 */
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';

type Request = { id: number | string; method: string; params?: unknown };

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
  },
});

const { url } = JSON.parse(String(values.datasource ?? '{}')) as { url?: string };
const datamodels = (values.datamodels ?? []).map((file): [string, string] => [
  String(file),
  readFileSync(String(file), 'utf8'),
]);

const adapter = bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString: url ?? '' }));
const log = (line: string) => process.stderr.write(`${line}\n`);
const say = (message: unknown) => writeSync(1, `${JSON.stringify(message)}\n`);
const describe = (error: unknown) => (error instanceof Error ? error.message : String(error));

let engine: Promise<SchemaEngine> | undefined;
const getEngine = () => {
  engine ??= SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, log, adapter);
  return engine;
};

async function answer(request: Request): Promise<unknown> {
  const target = await getEngine();
  const method = (target as unknown as Record<string, unknown>)[request.method];
  if (typeof method !== 'function') throw new Error(`The WebAssembly schema engine has no ${request.method}`);
  const result: unknown = await method.call(target, request.params);
  return result ?? null;
}

async function canConnect(): Promise<void> {
  try {
    await (await getEngine()).ensureConnectionValidity({
      datasource: { tag: 'ConnectionString', url: url ?? '' },
    });
    process.exit(0);
  } catch (error) {
    say({ is_panic: false, message: describe(error), backtrace: '', error_code: 'P1001', meta: {} });
    process.exit(1);
  }
}

async function serve(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line.trim() === '') continue;
    const request = JSON.parse(line) as Request;
    try {
      say({ jsonrpc: '2.0', id: request.id, result: await answer(request) });
    } catch (error) {
      say({
        jsonrpc: '2.0',
        id: request.id,
        error: {
          code: 4466,
          message: 'The schema engine failed',
          data: { is_panic: false, message: describe(error), meta: {} },
        },
      });
    }
  }
  process.exit(0);
}

await (positionals.includes('can-connect-to-database') ? canConnect() : serve());
