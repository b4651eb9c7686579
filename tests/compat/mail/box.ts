/**
 * A mail server in a box: Debian's packages installed into a layer over the root of this machine, which goes with the box. It shares the
 * loopback, so that each server has ports of its own; nothing of this machine is changed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tlsIdentity } from '../../helpers/tls-identity.ts';

/** One mail: what the channel is set to, and what comes of it. */
export type Case = {
  name: string;
  port: number;
  values?: Record<string, string>;
  text?: string;
  /** Whether the certificate is one that this machine knows. */
  isTrusted?: boolean;
  says: RegExp;
};

export type Box = {
  name: string;
  /** The first has the version. */
  packages: string[];
  /** A script of bash that ends in the server, in the foreground. */
  start: string;
  ports: number[];
  cases: Case[];
};

// `$1` is the box's folder. In a PID namespace of its own, all that it started ends with it.
const enter = `set -e
mount -t overlay box -o lowerdir=/,upperdir="$1/upper",workdir="$1/work" "$1/root"
mount -t proc proc "$1/root/proc"; mount --rbind /dev "$1/root/dev"
for each in run tmp; do mount -t tmpfs none "$1/root/$each"; done
mkdir -p "$1/root/box"; mount --bind "$1/given" "$1/root/box"
printf '#!/bin/sh\\nexit 101\\n' > "$1/root/usr/sbin/policy-rc.d"; chmod +x "$1/root/usr/sbin/policy-rc.d"
exec chroot "$1/root" bash /box/start.sh`;

const begin = (packages: readonly string[]) => `set -e
export DEBIAN_FRONTEND=noninteractive
apt-get install -y -q --no-install-recommends ${packages.join(' ')} > /box/install.log 2>&1
dpkg-query -W -f '\${source:Upstream-Version}' ${packages[0]} > /box/version
adduser --disabled-password --gecos '' owner > /dev/null 2>&1
mkdir -p /etc/box && cp /box/*.pem /etc/box/ && chmod 600 /etc/box/key.pem
`;

export type Running = { given: string; stop(): Promise<void> };

/** @param folder of this run, for everything that the box writes */
export async function startBox(folder: string, { name, packages, start, ports }: Box): Promise<Running> {
  const place = path.join(folder, name);
  const given = path.join(place, 'given');
  for (const each of ['upper', 'work', 'root', 'given'])
    mkdirSync(path.join(place, each), { recursive: true });
  writeFileSync(path.join(given, 'certificate.pem'), tlsIdentity.certificate);
  writeFileSync(path.join(given, 'key.pem'), tlsIdentity.key);
  writeFileSync(path.join(given, 'start.sh'), begin(packages) + start);
  const child = spawn(
    'unshare',
    ['--mount', '--pid', '--fork', '--kill-child', 'sh', '-c', enter, 'box', place],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part) => (log = (log + part).slice(-3000)));
  for (const port of ports) {
    for (let tries = 0; !(await answers(port)); tries++) {
      if (tries > 600 || child.exitCode !== null) throw new Error(`${name} does not come up\n${log}`);
      await sleep(500);
    }
  }
  return { given, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
