/** Opens links to test servers without a database: a home in a temporary folder, and what spawning needs. */
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import type { Link } from '../../../src/connections/pool/link.ts';
import { openStdioLink, type StdioRequest } from '../../../src/connections/stdio/open-stdio-link.ts';
import { Sandbox } from '../../../src/connections/stdio/sandbox.ts';
import type { ServerPlan, SpawnDeps } from '../../../src/connections/stdio/spawn-server.ts';
import { newId } from '../../../src/kernel/ids.ts';
import { readSettings } from '../../../src/kernel/settings.ts';

export const modernServer = path.join(import.meta.dirname, 'modern-server.ts');
export const hostileServer = path.join(import.meta.dirname, 'hostile-server.ts');

const require = createRequire(import.meta.url);

/** The program of a real server: 'server-everything', 'server-filesystem' or 'server-memory'. */
export const realServer = (name: string): string =>
  path.join(path.dirname(require.resolve(`@modelcontextprotocol/${name}/package.json`)), 'dist/index.js');

export const childEnvironment = readSettings(process.env).childEnvironment;

export type Bench = {
  home: string;
  deps: SpawnDeps;
  /** Opens a link to `node <args>`, which is closed with the bench if not before. */
  open(
    args: string[],
    options?: Partial<Omit<StdioRequest, 'plan'>> & { plan?: Partial<ServerPlan> },
  ): Promise<Link>;
  close(): Promise<void>;
};

/** @param searchPath where the walls' tools are */
export async function createBench(
  hide: string[] = [],
  searchPath = childEnvironment.PATH ?? '',
): Promise<Bench> {
  const home = await realpath(await mkdtemp(path.join(tmpdir(), 'alfred-link-')));
  const log = pino({ level: 'silent' });
  const sandbox = new Sandbox({ home, hide, searchPath });
  const deps: SpawnDeps = { home, sandbox, inherited: childEnvironment, log };
  const links: Link[] = [];
  return {
    home,
    deps,
    async open(args, { plan, ...options } = {}) {
      const { link } = await openStdioLink(deps, {
        name: 'test',
        plan: {
          id: newId(),
          command: 'node',
          args,
          env: {},
          cwd: undefined,
          sandbox: 'off',
          network: true,
          paths: [],
          words: plan?.args ?? args,
          ...plan,
        },
        ...usualRequest(log),
        ...options,
      });
      links.push(link);
      return link;
    },
    async close() {
      await Promise.all(links.map((link) => link.close()));
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** What a server is opened with where nothing else is tried. */
export const usualRequest = (log: Logger): Omit<StdioRequest, 'name' | 'plan'> => ({
  startTimeoutMs: 30_000,
  maxMessageBytes: 1_048_576,
  maxResultSize: 524_288,
  redact: (text) => text,
  redactValue: (value) => value,
  onToolsChanged: () => {},
  signal: new AbortController().signal,
  log,
  isLegacy: false,
});

/** Waits until `check` holds; the test's own limit ends a wait in vain. */
export async function until(check: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await check())) await new Promise((resolve) => setTimeout(resolve, 25));
}
