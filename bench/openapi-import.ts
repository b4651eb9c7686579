/**
 * How long OpenAPI documents take to become tools, and what comes of them.
 * node bench/openapi-import.ts FILE…
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { compile } from '../src/connections/openapi/compile.ts';
import { definitionText } from '../src/connections/tools/found-tool.ts';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node bench/openapi-import.ts FILE…');
  process.exit(2);
}

const row = (cells: (string | number)[]) =>
  console.log(
    cells.map((cell, at) => (at === 0 ? String(cell).padEnd(24) : String(cell).padStart(12))).join(''),
  );

row(['document', 'MB', 'seconds', 'tools', 'skipped', 'problems', 'tools MB', 'largest KB', 'median KB']);
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  const started = performance.now();
  const api = await compile({
    text,
    operations: [],
    server: { documentUrl: 'https://documents.invalid/openapi', variables: {} },
    include: [],
    covered: [],
  });
  const seconds = (performance.now() - started) / 1000;
  const sizes = api.operations.map(({ tool }) => definitionText(tool).length).sort((a, b) => a - b);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  row([
    path.basename(file),
    (text.length / 1e6).toFixed(1),
    seconds.toFixed(2),
    api.operations.length,
    api.unusable.length,
    api.problems.length,
    (total / 1e6).toFixed(1),
    ((sizes.at(-1) ?? 0) / 1e3).toFixed(1),
    ((sizes[Math.floor(sizes.length / 2)] ?? 0) / 1e3).toFixed(1),
  ]);
  if (process.env.VERBOSE)
    console.log(api.baseUrl, api.unusable.slice(0, 5), api.problems.slice(0, 3), api.securitySchemes);
}
