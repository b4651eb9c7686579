/** The console as it was built (scripts/generate.ts), read once: small files, served from memory. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

export type ConsoleFile = { type: string; content: Buffer; brotli: Buffer | undefined };

export type ConsoleFiles = { page: ConsoleFile; icon: ConsoleFile; assets: ReadonlyMap<string, ConsoleFile> };

const folder = fileURLToPath(new URL('../../generated/console', import.meta.url));

function readFile(name: string): ConsoleFile {
  const file = path.join(folder, name);
  const brotli = `${file}.br`;
  return {
    type: types[path.extname(name)] ?? 'application/octet-stream',
    content: readFileSync(file),
    brotli: existsSync(brotli) ? readFileSync(brotli) : undefined,
  };
}

/** @throws Error when the console was not built */
export function readConsole(): ConsoleFiles {
  const assets = readdirSync(path.join(folder, 'assets')).filter((name) => !name.endsWith('.br'));
  return {
    page: readFile('index.html'),
    icon: readFile('icon.svg'),
    assets: new Map(assets.map((name) => [name, readFile(path.join('assets', name))])),
  };
}
