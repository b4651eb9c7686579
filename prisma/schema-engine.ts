#!/usr/bin/env node
/**
 * Stands in for Prisma's native schema engine, which its CLI would otherwise download.
 *
 * The CLI runs this program in three ways, and all are answered by the WebAssembly engine that npm installed:
 *   `<this> --version`                                               one line
 *   `<this> --datasource '{"url":…}' cli can-connect-to-database`    exit 0, or a JSON error line on stderr and exit 1
 *   `<this> [--datamodels FILE]… --datasource '{"url":…}'`           JSON-RPC 2.0, one message a line, on stdin and stdout
 */
import { readFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openCliDatabase } from '../src/database/prisma-cli.ts';
import { type OpenSchemaEngine, openSchemaEngine } from '../src/database/schema-engine.ts';
import type { OpenDatabase } from '../src/database/start-under-lock.ts';
import { messageOf } from '../src/kernel/errors.ts';
import { readLines } from '../src/kernel/lines.ts';
import { readSettings } from '../src/kernel/settings.ts';

const requestSchema = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string().optional(),
  params: z.unknown(),
});
const datasourceSchema = z.object({ url: z.string().optional() });
const printableSchema = z.object({ stdout: z.string() });
const codedSchema = z.object({ code: z.string() });

const { values, positionals } = parseArgs({
  allowPositionals: true,
  strict: false,
  options: {
    version: { type: 'boolean' },
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
  },
});

let opened: Promise<{ database: OpenDatabase; engine: OpenSchemaEngine }> | undefined;

/** The engine on the database, both opened by the first call that needs them. */
function open() {
  opened ??= (async () => {
    const { url } = datasourceSchema.parse(JSON.parse(String(values.datasource ?? '{}')));
    const settings = readSettings(process.env);
    const database = await openCliDatabase(url ?? settings.databaseUrl ?? '', settings);
    const files = (values.datamodels ?? []).map(String);
    const datamodels = files.map((file): [string, string] => [file, readFileSync(file, 'utf8')]);
    try {
      const engine = await openSchemaEngine(
        database.url,
        logLine,
        datamodels.length > 0 ? datamodels : undefined,
      );
      return { database, engine };
    } catch (error) {
      await database.close();
      throw error;
    }
  })();
  return opened;
}

async function close(): Promise<void> {
  if (opened === undefined) return;
  const both = await opened.catch(() => undefined);
  await both?.engine.close();
  await both?.database.close();
}

const say = (message: unknown) => writeSync(1, `${JSON.stringify(message)}\n`);
const logLine = (line: string) => writeSync(2, `${line}\n`);

/** The engine's stable code of an error (`P1001`), where it has one. */
const codeOf = (error: unknown): string | undefined => codedSchema.safeParse(error).data?.code;

async function call(method: string, params: unknown): Promise<unknown> {
  const { engine } = (await open()).engine;
  const verb: unknown = Reflect.get(engine, method);
  if (typeof verb !== 'function') throw new Error(`The WebAssembly schema engine has no ${method}`);
  const result: unknown = await verb.call(engine, params);
  // What the native engine prints, it asks the CLI to print; this one returns it.
  const printable = printableSchema.safeParse(result).data;
  if (printable) say({ jsonrpc: '2.0', id: 0, method: 'print', params: { content: printable.stdout } });
  return result ?? null;
}

async function serve(): Promise<void> {
  for await (const line of readLines(process.stdin)) {
    if (line.trim() === '') continue;
    const { id, method, params } = requestSchema.parse(JSON.parse(line));
    if (method === undefined) continue; // the CLI's answer to a `print`
    try {
      say({ jsonrpc: '2.0', id, result: await call(method, params) });
    } catch (error) {
      const data = { is_panic: false, message: messageOf(error), error_code: codeOf(error), meta: {} };
      say({ jsonrpc: '2.0', id, error: { code: 4466, message: 'The schema engine failed', data } });
    }
  }
}

async function canConnect(): Promise<number> {
  try {
    await open();
    return 0;
  } catch (error) {
    const fields = { error_code: codeOf(error) ?? 'P1001', message: messageOf(error) };
    // The CLI skips the first line.
    logLine(
      JSON.stringify({ level: 'INFO', target: 'schema_engine', fields: { message: 'Trying to connect' } }),
    );
    logLine(JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields }));
    return 1;
  }
}

async function main(): Promise<number> {
  if (values.version) {
    const { version } = createRequire(import.meta.url)('@prisma/engines-version/package.json');
    writeSync(1, `schema-engine-cli ${String(version).split('.').at(-1)}\n`);
    return 0;
  }
  if (positionals.includes('can-connect-to-database')) return canConnect();
  await serve();
  return 0;
}

/** The CLI ends its engine with SIGTERM; a server started for this command is stopped first. */
let ending: Promise<never> | undefined;
function end(code: number): Promise<never> {
  ending ??= close().then(() => process.exit(code));
  return ending;
}
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void end(0));

await end(await main());
