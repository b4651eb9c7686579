/** What a server does that nobody asked it for: whom it looks up, what it writes, and whether its tools are others tomorrow. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { type Start, startMs } from './bare.ts';

export type Unasked = {
  /** Hosts that it looked up until a few seconds after it had listed its tools; no tool was called. */
  dials: string[];
  /** What it left in a home and a working folder that were new. */
  writes: string[];
  /** Tools whose definition is another one on another day. */
  changes: string[];
};

const otherEachTime = /[^/]*(\d{4}-\d\d-\d\dT|[0-9a-f]{24}|[0-9a-f]{8}-[0-9a-f-]{20,})[^/]*$/;

/** Milliseconds in which it may do what it does after its start. */
const watchedMs = 2_500;

export async function watchUnasked(scratch: string, start: Start): Promise<Unasked> {
  const place = mkdtempSync(path.join(scratch, 'watched-'));
  const home = path.join(place, 'home');
  const cwd = path.join(place, 'cwd');
  for (const folder of [home, cwd]) mkdirSync(folder, { recursive: true });
  const hosts = path.join(place, 'hosts');
  writeFileSync(hosts, '');
  const watched = (days: number) =>
    listTools(
      {
        ...start,
        cwd,
        env: {
          ...start.env,
          HOME: home,
          NODE_OPTIONS: `--import ${path.join(import.meta.dirname, 'watch.ts')}`,
          WATCHED_HOSTS: hosts,
          WATCHED_DAYS: String(days),
        },
      },
      days === 0 ? watchedMs : 0,
    );
  const today = await watched(0);
  const later = await watched(40);
  const changes = [...later].filter(([name, definition]) => today.get(name) !== definition);
  const writes = [...filesIn(home, '~'), ...filesIn(cwd, '.')];
  const dials = new Set(readFileSync(hosts, 'utf8').split('\n'));
  rmSync(place, { recursive: true, force: true });
  return {
    dials: [...dials].filter((host) => host !== '' && !/^(127\.|localhost$|::1$)/.test(host)).toSorted(),
    // A file whose name is another one each time is its folder.
    writes: [...new Set(writes.map((file) => file.replace(otherEachTime, '…')))].toSorted(),
    changes: [...changes.map(([name]) => name), ...[...today.keys()].filter((name) => !later.has(name))],
  };
}

async function listTools({ program, args, env, cwd }: Start, waitMs: number): Promise<Map<string, string>> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [program, ...args],
    env,
    cwd,
    stderr: 'ignore',
  });
  const client = new Client({ name: 'bare', version: '1.0.0' });
  try {
    await client.connect(transport, { timeout: startMs });
    const { tools } = await client.listTools(undefined, { timeout: startMs });
    await sleep(waitMs);
    return new Map(tools.map((tool) => [tool.name, JSON.stringify(tool)]));
  } finally {
    await client.close();
  }
}

const filesIn = (folder: string, shown: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(shown, path.relative(folder, path.join(entry.parentPath, entry.name))))
    .toSorted();
