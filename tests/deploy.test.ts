/** The files of deploy/: no fixed password, no moving tag, nothing published but 443, hardened as far as it works. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCoreSettings } from '../core/settings.ts';
import { readSettings } from '../src/kernel/settings.ts';

const folder = path.resolve(import.meta.dirname, '../deploy');
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const temporary = mkdtempSync(path.join(tmpdir(), 'alfred-deploy-'));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

type Service = {
  image?: string;
  ports?: string[];
  cap_drop?: string[];
  security_opt?: string[];
  read_only?: boolean;
  privileged?: boolean;
  environment?: Record<string, string>;
};
const services = (parse(read('compose.yaml')) as { services: Record<string, Service> }).services;
const pinned = /^[a-z][a-z0-9/._-]*:\d+\.\d+(\.\d+)?(-[a-z0-9]+)*$/;

describe('compose.yaml', () => {
  it('publishes 443 and nothing else', () => {
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published).toEqual(['0.0.0.0:443:443']);
  });

  it('gives each service as little as it needs', () => {
    for (const service of Object.values(services)) {
      expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
      expect(service.security_opt).toContain('no-new-privileges:true');
      expect(service.privileged).toBeUndefined();
    }
  });

  it('believes Caddy about who asks, and says so to the VM in words that it takes', () => {
    const { environment = {} } = services.alfred ?? {};
    const { ALFRED_TRUSTED_PROXY: trusted } = environment;
    expect(readSettings({ ALFRED_TRUSTED_PROXY: trusted }).trustedProxies).toEqual(['uniquelocal']);
  });

  it('names exact versions, and no secret', () => {
    for (const { image } of Object.values(services)) if (image !== undefined) expect(image).toMatch(pinned);
    for (const { environment = {} } of Object.values(services)) {
      // A one-time token may come from the caller's environment; nothing that lasts may.
      for (const [name, value] of Object.entries(environment)) {
        if (/PASSWORD|SECRET$|KEY$|TOKEN/.test(name)) expect(value).toMatch(/^\$\{[A-Z_]+:-\}$/);
      }
    }
  });
});

describe('Dockerfile', () => {
  it('runs as nobody special, from exact versions, and says how it is', () => {
    const text = read('Dockerfile');
    const bases = [...text.matchAll(/^FROM (\S+)/gm)].map((match) => match[1]);
    for (const base of bases) expect(base).toMatch(pinned);
    expect(text).toMatch(/^USER alfred$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    expect(text).not.toMatch(/^(ARG|ENV) .*(SECRET|PASSWORD|TOKEN|KEY)/m);
  });
});

describe('cloud-init.yaml', () => {
  const text = read('cloud-init.yaml');

  it('is a cloud-config that lets in 443 alone and no password', () => {
    expect(text.startsWith('#cloud-config\n')).toBe(true);
    const config = parse(text) as { runcmd: (string | string[])[]; ssh_pwauth: boolean };
    const allowed = config.runcmd.filter((command) => Array.isArray(command) && command.includes('allow'));
    expect(allowed).toEqual([['ufw', 'allow', '443/tcp']]);
    expect(config.ssh_pwauth).toBe(false);
    expect(text).not.toMatch(/plain_text_passwd|hashed_passwd|chpasswd|curl .*\| *(ba)?sh/);
  });

  it('believes Caddy on the same machine about who asks', () => {
    const trusted = /^ +ALFRED_TRUSTED_PROXY=(\S+)$/m.exec(text)?.[1];
    expect(readSettings({ ALFRED_TRUSTED_PROXY: trusted }).trustedProxies).toEqual(['loopback']);
  });

  it('makes the root key on the VM, and nothing that lasts comes with it', () => {
    expect(text).toMatch(/\/dev\/urandom \| base64 -w0 \| systemd-creds encrypt --name=vm_encryption_secret/);
    expect(text).not.toMatch(/[A-Za-z0-9+/]{43}=/);
    const marks = new Set([...text.matchAll(/@([A-Z_]+)@/g)].map((match) => match[1]));
    expect([...marks].sort()).toEqual([
      'ALFRED_COMMIT',
      'ALFRED_CORE_URL',
      'ALFRED_DOMAIN',
      'ALFRED_ENROLLMENT_TOKEN',
      'ALFRED_SOURCE',
    ]);
  });
});

describe('make-secrets.sh', () => {
  it('is a valid script', () => {
    expect(spawnSync('sh', ['-n', path.join(folder, 'make-secrets.sh')]).status).toBe(0);
  });
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

describe('alfred.service', () => {
  it('takes the root key as an encrypted credential, and no capability', () => {
    const unit = read('alfred.service');
    expect(unit).toMatch(/^LoadCredentialEncrypted=vm_encryption_secret:/m);
    expect(unit).toMatch(/^CapabilityBoundingSet=$/m);
    expect(unit).toMatch(/^User=alfred$/m);
  });

  it.runIf(hasSystemd)('is valid, and exposed to no more than 2.5 by systemd-analyze', () => {
    expect(exposureOf('alfred.service')).toBeLessThanOrEqual(2.5);
  });
});

describe('alfred-core.service', () => {
  it('takes no capability, and what its environment file says is what Core takes', () => {
    const unit = read('alfred-core.service');
    expect(unit).toMatch(/^CapabilityBoundingSet=$/m);
    expect(unit).toMatch(/^User=alfred-core$/m);
    const example = /CORE_PUBLIC_URL=[\s\S]+?(?=\n +```)/.exec(
      readFileSync(path.join(folder, '../docs/provider.md'), 'utf8'),
    )?.[0];
    const environment = Object.fromEntries(
      (example ?? '').split('\n').map((line) => /^ *(\w+)="?(.*?)"?$/.exec(line)?.slice(1) ?? []),
    );
    expect(readCoreSettings(environment)).toMatchObject({
      publicUrl: 'https://core.example.org',
      backups: { schedule: '0 3 * * *', to: 's3://my-backups/core' },
    });
  });

  it.runIf(hasSystemd)('is valid, and exposed to no more than 2 by systemd-analyze', () => {
    expect(exposureOf('alfred-core.service')).toBeLessThanOrEqual(2);
  });
});

/** What systemd-analyze says of a unit that is valid: 0 is least. */
function exposureOf(name: string): number {
  const file = path.join(temporary, name);
  // The program is not installed here.
  writeFileSync(file, read(name).replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'));
  const verified = spawnSync('systemd-analyze', ['verify', file], { encoding: 'utf8' });
  expect([verified.status, verified.stderr.includes(file)]).toEqual([0, false]);
  const said = execFileSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
  return Number(/exposure level for [\w.-]+: ([\d.]+)/.exec(said)?.[1]);
}
