/**
 * Puts each reverse proxy of Debian that is installed before a VM, on the loopback, twice: with the fewest lines that pass anything
 * on, and with what docs/operations.md ("Behind a proxy") says must be set. Prints that table; fails where something does not work
 * with it.
 * Run by hand, as root: npx -c 'node tests/compat/proxies/run.ts [NAME]'. Before it, in a container that may be thrown away:
 * apt-get install nginx apache2 haproxy lighttpd lighttpd-mod-openssl caddy h2o squid varnish
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';
import { tlsIdentity } from '../../helpers/tls-identity.ts';
import { startTestVm, type TestVm } from '../../helpers/vm.ts';
import { checks, secrets } from './checks.ts';
import { type Client, clientOf, publicUrl } from './client.ts';
import { type Place, proxies, type ReverseProxy } from './proxies.ts';

const base = mkdtempSync(path.join(tmpdir(), 'alfred-proxies-'));
chmodSync(base, 0o755);
const at = (name: string, text: string) => {
  writeFileSync(path.join(base, name), text);
  return path.join(base, name);
};
const shared = {
  certificate: at('certificate.pem', tlsIdentity.certificate),
  key: at('key.pem', tlsIdentity.key),
  pair: at('pair.pem', tlsIdentity.certificate + tlsIdentity.key),
};
type Running = { proxy: ReverseProxy; client: Client; stop(): Promise<void> };
type Row = { proxy: ReverseProxy; missing: string[]; whenSet: string[]; isHttp2: boolean; down: string };

const wanted = proxies.filter(
  ({ name, program }) => existsSync(program) && (process.argv[2] ?? name) === name,
);
const rows = new Map<ReverseProxy, Row>();
try {
  for (const isSet of [false, true]) await tryAll(isSet);
} finally {
  rmSync(base, { recursive: true, force: true });
}
print();

async function tryAll(isSet: boolean): Promise<void> {
  const env = { ALFRED_PUBLIC_URL: publicUrl, ALFRED_TRUSTED_PROXY: '127.0.0.1' };
  const vm = await startTestVm({ env });
  const running: Running[] = [];
  try {
    await prepare(vm);
    const upstream = Number(new URL(vm.url).port);
    for (const proxy of wanted) running.push(await start(proxy, upstream, isSet));
    for (const { proxy, client } of running) {
      const isHttp2 = await client.speaksHttp2();
      rows.set(proxy, rows.get(proxy) ?? { proxy, missing: [], whenSet: [], isHttp2, down: '' });
    }
    // What waits can wait at once; what sends much is sent by one at a time.
    await Promise.all(running.map((one) => checkAll(one, vm, isSet, true)));
    for (const one of running) await checkAll(one, vm, isSet, false);
  } finally {
    await vm.stop().catch((error: unknown) => process.stderr.write(`${error}\n`));
    for (const { proxy, client, stop } of running) {
      const row = rows.get(proxy);
      const answer = await client.send('/api/v1/session').catch(() => undefined);
      if (row) row.down = answer === undefined ? 'nothing' : `${answer.status}`;
      await stop();
    }
  }
}

/** The skills that are delivered to. */
async function prepare(vm: TestVm): Promise<void> {
  const steps = [{ id: 1, prompt: 'Look.' }];
  const hook = (slug: string, secret: string) => ({
    ...{ slug, name: slug, steps },
    ...{ triggerType: 'webhook', triggerConfig: { auth: slug, secret } },
  });
  for (const skill of [
    hook('standard', secrets.standard),
    hook('twilio', secrets.twilio),
    hook('trello', secrets.twilio),
  ]) {
    const { status, body } = await vm.api('POST', '/api/v1/skills', skill);
    if (status !== 201) throw new Error(JSON.stringify(body));
  }
}

async function start(proxy: ReverseProxy, upstream: number, isSet: boolean): Promise<Running> {
  const folder = path.join(base, `${proxy.package}-${isSet}`);
  mkdirSync(folder);
  // Some give up being root, and write there as somebody else.
  chmodSync(folder, 0o777);
  const port = await freePort();
  const place: Place = { folder, port, upstream, ...shared };
  const settings = path.join(folder, 'settings');
  writeFileSync(settings, proxy.settings(place, isSet));
  const child = spawn(proxy.program, proxy.args(settings, place), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (log += part));
  const gone = once(child, 'exit');
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries === 100 || child.exitCode !== null)
      throw new Error(`${proxy.name} does not come up\n${log.slice(-2000)}`);
    await sleep(100);
  }
  return {
    proxy,
    client: clientOf(port, proxy.isPlain === true, `127.0.0.${10 + proxies.indexOf(proxy)}`),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      await gone;
      clearTimeout(timer);
    },
  };
}

async function checkAll(
  { proxy, client }: Running,
  vm: TestVm,
  isSet: boolean,
  areSlow: boolean,
): Promise<void> {
  const row = rows.get(proxy);
  for (const { name, run, isSlow = false } of checks) {
    if (isSlow !== areSlow) continue;
    const seen = await run(client, vm).catch((error: unknown) => String(error));
    if (seen !== true) row?.[isSet ? 'whenSet' : 'missing'].push(`${name} (${seen})`);
  }
}

function print(): void {
  process.stdout.write(
    '| proxy | as it comes | to set | while Alfred is away |\n| --- | --- | --- | --- |\n',
  );
  for (const { proxy, missing, whenSet, isHttp2, down } of rows.values()) {
    const version = execFileSync('dpkg-query', ['-W', '-f', '${source:Upstream-Version}', proxy.package]);
    const came = missing.length === 0 ? 'all of it' : `not: ${missing.join('; ')}`;
    process.stdout.write(
      `| ${proxy.name} ${version}${isHttp2 ? ', HTTP/2' : ''} | ${came} | ${proxy.toSet || 'nothing'} | ${down} |\n`,
    );
    if (whenSet.length > 0) {
      process.stderr.write(`${proxy.name}, with what must be set, has not: ${whenSet.join('; ')}\n`);
      process.exitCode = 1;
    }
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}
