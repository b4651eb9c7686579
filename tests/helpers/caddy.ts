/** Debian's Caddy before a Core, as docs/provider.md has it, where it is installed: by deploy/Caddyfile.core, under a CA of its own. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';

const program = '/usr/bin/caddy';

export const hasCaddy: boolean = existsSync(program);

export type Caddy = {
  version: string;
  /** The address at which Core is public. */
  url: string;
  /** The certificate of its CA. */
  rootFile: string;
  stop(): Promise<void>;
};

/** What a test changes of the file: the CA, as no other gives out certificates here, the ports, and that nothing is installed. */
async function caddyfile(port: number, corePort: number): Promise<string> {
  const text = await readFile(path.resolve(import.meta.dirname, '../../deploy/Caddyfile.core'), 'utf8');
  const changed = text
    .replace('admin off', 'admin off\n\tskip_install_trust')
    .replace('{$CORE_DOMAIN}', `localhost:${port}`)
    .replace(/\ttls \{[\s\S]*?\n\t\}\n/, '\ttls internal\n')
    .replace('127.0.0.1:4281', `127.0.0.1:${corePort}`);
  if (!changed.includes('tls internal') || changed.includes('acme')) throw new Error(changed);
  return changed;
}

/** Starts it before a Core that listens at `corePort`, or will. @throws when it does not come up */
export async function startCaddy(port: number, corePort: number): Promise<Caddy> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-caddy-'));
  const config = path.join(folder, 'Caddyfile');
  await writeFile(config, await caddyfile(port, corePort));
  const child: ChildProcess = spawn(program, ['run', '--config', config, '--adapter', 'caddyfile'], {
    env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const gone = once(child, 'exit');
  let log = '';
  let isUp = false;
  if (child.stderr === null) throw new Error('Caddy has no log');
  for await (const line of createInterface({ input: child.stderr })) {
    log += `${line}\n`;
    isUp = line.includes('serving initial configuration');
    if (isUp) break;
  }
  if (!isUp) throw new Error(`Caddy did not come up\n${log}`);
  child.stderr.resume();
  return {
    version: execFileSync(program, ['version'], { encoding: 'utf8' }).trim(),
    url: `https://localhost:${port}`,
    rootFile: path.join(folder, 'caddy/pki/authorities/local/root.crt'),
    async stop() {
      child.kill('SIGTERM');
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
