/**
 * Keeps a home and a backup of a release, which every later program must be able to start and to restore
 * (tests/releases.test.ts). Run it once for each release: `node scripts/keep-release.ts NAME [FOLDER]`; FOLDER is an
 * installation of an older program. What is kept are a dump, keys and the audit log's record of a home made for the purpose:
 * its key opens nothing else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { dumpDatabase } from '../src/database/dump.ts';
import { inRoot } from './make-once.ts';

const [name = '', folder = inRoot('.')] = process.argv.slice(2);
if (!/^[\w.-]+$/.test(name)) throw new Error('node scripts/keep-release.ts NAME [FOLDER]');
const kept = inRoot('tests/releases', name);
/** The public half of tests/releases/identity.txt. */
const recipient = (await readFile(inRoot('tests/releases/recipient.txt'), 'utf8')).trim();

const home = await mkdtemp(path.join(tmpdir(), 'alfred-release-'));
const env = {
  PATH: process.env.PATH,
  HOME: home,
  LANG: 'C.UTF-8',
  TZ: 'UTC',
  ALFRED_HOME: home,
  ALFRED_PORT: '0',
};
const program = path.join(path.resolve(folder), 'bin/alfred.js');
const alfred = (...args: string[]) =>
  spawn(process.execPath, [program, ...args], { env, cwd: home, stdio: ['ignore', 'pipe', 'inherit'] });

const server = alfred('start', '--json');
try {
  const { url } = await readyOf(server);
  await use(url);
  await mkdir(kept, { recursive: true });
  const running = await readFile(path.join(home, 'postgres/running.json'), 'utf8');
  // A second, within which what was done is put into the audit chain.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  await dumpDatabase(
    z.object({ url: z.string() }).parse(JSON.parse(running)).url,
    path.join(kept, 'home.dump.zst'),
  );
  for (const one of ['keys', 'audit']) {
    await cp(path.join(home, one), path.join(kept, one), { recursive: true }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error; // of a program that had none yet
      },
    );
  }
  await cli(
    'backup',
    'create',
    '--to',
    path.join(kept, 'backup.age'),
    '--recipient',
    recipient,
    '--with-key',
  );
} finally {
  if (server.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await rm(home, { recursive: true, force: true });
}

/** A bit of everything that a VM keeps. What a program does not have yet, it says, and that is that. */
async function use(url: string): Promise<void> {
  const token = (await readFile(path.join(home, 'cli-token'), 'utf8')).trim();
  const ask = async (method: string, route: string, body: unknown) => {
    const answer = await fetch(new URL(route, url), {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    console.log(`${method} ${route}: ${answer.status}`);
    await answer.body?.cancel();
  };
  await ask('PUT', '/api/v1/config/anthropic_api_key', { value: 'sk-of-a-kept-release' });
  await ask('PUT', '/api/v1/config/my_note', { value: 'a note of a kept release' });
  await ask('PUT', '/api/v1/config/model', { value: 'rehearsal' });
  const skill = { slug: 'kept', name: 'Kept', steps: [{ id: 1, prompt: 'Say {{input.word}}.' }] };
  await ask('POST', '/api/v1/skills', skill);
  await ask('PATCH', '/api/v1/skills/kept', { description: 'In its second version' });
  const hook = { auth: 'none', dedupeBy: '/id' };
  await ask('POST', '/api/v1/skills', {
    ...skill,
    slug: 'hooked',
    triggerType: 'webhook',
    triggerConfig: hook,
  });
  await ask('POST', '/hooks/hooked', { id: 7, word: 'yes' });
  await ask('POST', '/api/v1/connections/files/tools/list_directory', { arguments: { path: '.' } });
  await ask('POST', '/api/v1/connections/memory/tools/read_graph', { arguments: {} });
  await ask('POST', '/api/v1/tokens', { name: 'kept', scopes: ['read'] });
  await cli('skill', 'run', 'house-report', '--rehearse', '--json');
  await cli('skill', 'run', 'kept', '--rehearse', '--input', '{"word": "no"}', '--json');
  await cli('chat', 'Good morning', '--json');
}

async function cli(...args: string[]): Promise<void> {
  const child = alfred(...args);
  child.stdout.resume();
  const [code] = await once(child, 'exit');
  console.log(`alfred ${args.slice(0, 2).join(' ')}: ${code}`);
}

/** What `start --json` prints once it is up. */
function readyOf(child: ReturnType<typeof alfred>): Promise<{ url: string }> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (piece: Buffer) => {
      text += String(piece);
      if (!text.endsWith('}\n')) return;
      const document = z.object({ url: z.string() }).safeParse(JSON.parse(text));
      if (document.success) resolve(document.data);
    });
    child.on('exit', () => reject(new Error(`It did not start: ${text}`)));
  });
}
