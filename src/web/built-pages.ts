/** The console and Core's page as they were built (scripts/generate.ts), read once: small files, served from memory. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { installation } from '../kernel/installation.ts';
import { acceptedEncoding } from './accepted-encoding.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
  '.woff2': 'font/woff2',
};

export type BuiltFile = { type: string; content: Buffer; brotli: Buffer | undefined; etag: string };

export type BuiltPages = {
  page: BuiltFile;
  /** By address. */
  files: ReadonlyMap<string, BuiltFile>;
  assets: ReadonlyMap<string, BuiltFile>;
};

const folder = path.join(installation, 'generated/console');

function readFile(name: string): BuiltFile {
  const file = path.join(folder, name);
  const brotli = `${file}.br`;
  const content = readFileSync(file);
  return {
    type: types[path.extname(name)] ?? 'application/octet-stream',
    content,
    // Weak: the same however it is encoded.
    etag: `W/"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`,
    brotli: existsSync(brotli) ? readFileSync(brotli) : undefined,
  };
}

/**
 * @param page the document: the VM's console, or Core's page
 * @param files what it has besides, by address
 * @throws Error when they were not built
 */
export function readPages(page: 'index.html' | 'fleet.html', files: readonly string[]): BuiltPages {
  const assets = readdirSync(path.join(folder, 'assets')).filter((name) => !name.endsWith('.br'));
  return {
    page: readFile(page),
    files: new Map(files.map((address) => [address, readFile(address.slice(1))])),
    assets: new Map(assets.map((name) => [name, readFile(path.join('assets', name))])),
  };
}

/** How long a browser may keep a file: assets for good, as the name says the content. The others it asks for again, and is told that nothing changed. */
const caching = {
  page: 'no-cache',
  icon: 'max-age=86400',
  asset: 'public, max-age=31536000, immutable',
} as const;

export function sendBuilt(
  request: FastifyRequest,
  reply: FastifyReply,
  file: BuiltFile,
  kind: keyof typeof caching,
): FastifyReply {
  reply.type(file.type).header('cache-control', caching[kind]).header('vary', 'accept-encoding');
  if (kind !== 'asset' && reply.statusCode === 200) reply.header('etag', file.etag);
  const takesBrotli = acceptedEncoding(request.headers['accept-encoding'], ['br']) === 'br';
  return file.brotli !== undefined && takesBrotli
    ? reply.header('content-encoding', 'br').send(file.brotli)
    : reply.send(file.content);
}
