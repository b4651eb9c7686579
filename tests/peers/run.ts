/**
 * Signs a VM in to MCP servers behind authorization servers that people use: finds them, signs in, calls, is renewed twice, is refused,
 * signs out. They are no dependencies of ours (30 MB); docs/mcp-clients.md has their versions, and how they fare. Exits 1 when one
 * does otherwise than it says there.
 *
 *   node tests/peers/run.ts DIR [NAME …]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../helpers/free-port.ts';
import { startTestVm, type TestVm } from '../helpers/vm.ts';
import { visit } from './visit.ts';

const say = (line: string) => process.stdout.write(`${line}\n`);
const [folder, ...chosen] = process.argv.slice(2);
if (folder === undefined) {
  say('usage: node tests/peers/run.ts DIR [NAME …], where the packages of docs/mcp-clients.md are installed');
  process.exit(2);
}
const example = path.resolve(
  import.meta.dirname,
  '../../node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js',
);

type Peer = {
  start: () => Promise<{ url: string; end: () => void }>;
  tool: string;
  args: Record<string, unknown>;
  text: string;
  /** Whether it gives what renews a login, asks a person, and takes tokens back. */
  renews: boolean;
  asks: boolean;
  revokes: boolean;
};

function running(child: ChildProcess, url: string) {
  return { url, end: () => void child.kill() };
}

/** A program of this folder, which imports what is installed in the other. `ttl`: how long an access token is good, in seconds. */
async function startCopy(name: string, ttl: number) {
  const file = path.resolve(folder ?? '', name);
  for (const one of [name, 'by-fetch.mjs'])
    await copyFile(path.join(import.meta.dirname, one), path.resolve(folder ?? '', one));
  const child = spawn(process.execPath, [file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', TTL: String(ttl) },
  });
  for await (const line of createInterface(child.stdout)) return running(child, line);
  throw new Error(`${name} ended before it listened`);
}

async function startExample() {
  const [port, authPort] = [await freePort(), await freePort()];
  const child = spawn(process.execPath, [example, '--oauth'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env.PATH ?? '', MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) },
  });
  let listening = 0;
  for await (const line of createInterface(child.stdout)) {
    if (line.includes('listening on port')) listening += 1;
    if (listening === 2) return running(child, `http://localhost:${port}/mcp`);
  }
  throw new Error('The example ended before it listened');
}

const peers: Record<string, Peer> = {
  'better-auth': {
    start: () => startCopy('better-auth.mjs', 4),
    ...{ tool: 'whoami', args: {}, text: 'ada', renews: true, asks: true, revokes: true },
  },
  cloudflare: {
    // It gives none that end sooner.
    start: () => startCopy('cloudflare.mjs', 60),
    ...{ tool: 'whoami', args: {}, text: 'ada', renews: true, asks: true, revokes: true },
  },
  'sdk-example': {
    start: startExample,
    ...{ tool: 'greet', args: { name: 'Ada' }, text: 'Hello, Ada!' },
    ...{ renews: false, asks: false, revokes: false },
  },
};

const expectSame = (what: string, seen: unknown, wanted: unknown): void => {
  if (JSON.stringify(seen) === JSON.stringify(wanted)) return;
  throw new Error(`${what}: ${JSON.stringify(seen)}, and not ${JSON.stringify(wanted)}`);
};

type Shown = {
  status: string;
  code?: string;
  detail?: string;
  content?: { text?: string }[];
  login?: { state: string; renews: boolean; expiresAt: string | null; client: string };
  warnings?: string[];
};

async function tryPeer(vm: TestVm, name: string, peer: Peer, url: string): Promise<string> {
  const ask = async (method: string, route: string, body?: object): Promise<Shown> =>
    (await vm.api(method, `/api/v1/connections/${name}${route}`, body)).body as Shown;
  await vm.api('POST', '/api/v1/connections', {
    ...{ name, type: 'mcp_http', config: { url, allowPrivateNetwork: true } },
  });
  expectSame('without a login', (await ask('POST', '/discover')).code, 'E_NEEDS_LOGIN');
  const begin = async () =>
    (await ask('POST', '/login', { way: 'paste' })) as unknown as { url: string; redirectUri: string };
  const finish = (callbackUrl: string) => ask('POST', '/login/finish', { callbackUrl });
  if (peer.asks) {
    const refused = await finish(await visit(await begin(), { no: '1' }));
    expectSame('refused', refused.code, 'E_LOGIN_FAILED');
    if (!/access_denied/.test(refused.detail ?? '')) throw new Error(`refused: ${refused.detail}`);
  }
  const signedIn = await finish(await visit(await begin(), {}));
  expectSame('signed in', [signedIn.status, signedIn.login?.state], ['ready', 'signed_in']);
  expectSame('renews', signedIn.login?.renews, peer.renews);
  const ends = new Set<string>();
  const until = Date.now() + 200_000;
  do {
    const called = await ask('POST', `/tools/${peer.tool}`, { arguments: peer.args });
    expectSame('called', called.content?.[0]?.text, peer.text);
    ends.add((await ask('GET', '')).login?.expiresAt ?? 'never');
    if (Date.now() > until) throw new Error('it is not renewed');
    if (peer.renews) await sleep(1_000);
  } while (peer.renews && ends.size < 3);
  const out = await ask('POST', '/logout');
  expectSame('signed out', out.status, 'needs_login');
  expectSame('revoked', (out.warnings ?? []).length === 0, peer.revokes);
  expectSame('afterwards', (await ask('POST', '/discover')).code, 'E_NEEDS_LOGIN');
  return [...(signedIn.warnings ?? []), ...(out.warnings ?? [])].join(' ');
}

const vm = await startTestVm();
try {
  for (const [name, peer] of Object.entries(peers)) {
    if (chosen.length > 0 && !chosen.includes(name)) continue;
    const { url, end } = await peer.start();
    try {
      say(`works   ${name}  ${await tryPeer(vm, name, peer, url)}`);
    } catch (error) {
      say(`FAILED  ${name}  ${String(error)}`);
      process.exitCode = 1;
    } finally {
      end();
    }
  }
} finally {
  await vm.stop();
}
