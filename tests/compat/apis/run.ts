/**
 * Makes a connection of every OpenAPI document of the list, as its owner would, and writes down what became of its operations
 * (tests/compat/apis/seen.json; `npm run tables` then makes the table of docs/apis.md).
 * Run by hand: node tests/compat/apis/run.ts FOLDER [name …]. What FOLDER/owner/repository has already is not fetched.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createConnection } from '../../../src/connections/create-connection.ts';
import { discoverTools } from '../../../src/connections/discover-tools.ts';
import { tokensOf } from '../../../src/connections/tools/tool-tokens.ts';
import { connectionInputSchema } from '../../../src/contract/connection-types.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import { type Bench, openBench } from '../bench.ts';
import { checkOut } from '../checkout.ts';
import { countOperations } from './count-operations.ts';
import { type ApiDocument, documents } from './documents.ts';
import type { SeenApi } from './seen-api.ts';

const [given, ...names] = process.argv.slice(2);
if (given === undefined) throw new Error('Say where the documents are, or are to be fetched to');
const folder = path.resolve(given);
const file = path.join(import.meta.dirname, 'seen.json');
const seen = new Map((JSON.parse(readFileSync(file, 'utf8')) as SeenApi[]).map((one) => [one.name, one]));

const bench = await openBench(folder);
try {
  for (const [name, document] of Object.entries(documents)) {
    if (names.length > 0 && !names.includes(name)) continue;
    const row = await tryDocument(bench, name, document);
    seen.set(name, row);
    process.stdout.write(
      `${name.padEnd(24)} ${row.operations} operations, ${row.tools} tools ${row.error ?? ''}\n`,
    );
    for (const warning of row.warnings) process.stdout.write(`    ${warning}\n`);
    const rows = Object.keys(documents).flatMap((one) => seen.get(one) ?? []);
    writeFileSync(file, `${JSON.stringify(rows, undefined, 2)}\n`);
  }
} finally {
  await bench.close();
}

async function tryDocument(
  { deps, pool, server }: Bench,
  name: string,
  document: ApiDocument,
): Promise<SeenApi> {
  const place = checkOut(folder, document, [document.file, ...(document.beside ?? [])]);
  const at = path.join(place, document.file);
  const { version, operations, elsewhere, hasHost } = countOperations(at);
  const address = hasHost ? 'document' : 'owner';
  const row = { name, version, operations, elsewhere, bytes: statSync(at).size, address } as const;
  try {
    const input = connectionInputSchema.parse({
      name,
      type: 'http_api',
      config: {
        openapi: { file: at },
        auth: { type: 'none' },
        ...(address === 'document' ? {} : { baseUrl: server, allowPrivateNetwork: true }),
      },
    });
    const made = await createConnection(deps, input, { actor: 'trial', mayApprove: true });
    if (!made.approved) throw new Error((made.warnings ?? []).join(' '));
    const began = performance.now();
    const { tools, ...rest } = await discoverTools({ ...deps, pool }, name);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    const usable = tools.filter((tool) => tool.unusable === undefined);
    return {
      ...row,
      tools: usable.length,
      off: tools.length - usable.length,
      tokens: tokensOf(usable),
      seconds,
      warnings: 'warnings' in rest && Array.isArray(rest.warnings) ? rest.warnings.map(String) : [],
    };
  } catch (error) {
    return { ...row, tools: 0, off: 0, tokens: 0, seconds: 0, warnings: [], error: messageOf(error) };
  } finally {
    await pool.evict(name);
  }
}
