/** The PostgreSQL that Debian packages, where it is installed: another build, and an older one, than the one we bring along. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';

const packages = '/usr/lib/postgresql';

/** Where its programs are: of the newest version; undefined where Debian's PostgreSQL is not installed. */
export function debianBinaries(): string | undefined {
  const versions = existsSync(packages) ? readdirSync(packages).filter((name) => /^\d+$/.test(name)) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : path.join(packages, newest, 'bin');
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package makes. */
function identity(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((what) =>
    Number(execFileSync('id', [what, 'postgres'], { encoding: 'utf8' })),
  );
  return { uid: uid ?? 0, gid: gid ?? 0 };
}

export type DebianPostgres = { url: string; version: string; stop(): Promise<void> };

/** Starts a new, empty server on loopback. @throws when it does not come up */
export async function startDebianPostgres(binaries: string): Promise<DebianPostgres> {
  const owner = identity();
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-debian-'));
  if (owner.uid !== undefined && owner.gid !== undefined) await chown(folder, owner.uid, owner.gid);
  const data = path.join(folder, 'data');
  const env = { PATH: binaries, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
  const program = (name: string) => path.join(binaries, name);
  const initialise = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  execFileSync(program('initdb'), initialise, { ...owner, env, cwd: folder, stdio: 'ignore' });
  const port = await freePort();
  const settings = { listen_addresses: '127.0.0.1', port, unix_socket_directories: folder, fsync: 'off' };
  const server: ChildProcess = spawn(
    program('postgres'),
    ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    { ...owner, env, cwd: folder, stdio: 'ignore' },
  );
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  const stop = async () => {
    const gone = server.exitCode === null && server.signalCode === null ? once(server, 'exit') : undefined;
    server.kill('SIGINT');
    await gone;
    await rm(folder, { recursive: true, force: true });
  };
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ version: string }>('SELECT version()');
      return { url, version: rows[0]?.version ?? '', stop };
    } catch (error) {
      if (tries < 100 && server.exitCode === null) {
        await sleep(100);
        continue;
      }
      await stop();
      throw error;
    } finally {
      await client.end();
    }
  }
}
