/** What the machine's own shell and its own curl make of a command: nothing leaves the loopback. */
import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { tlsIdentity } from '../../helpers/tls-identity.ts';

const run = promisify(execFile);

export type Sent = {
  method: string;
  /** As it stands on the wire. */
  target: string;
  headers: [name: string, value: string][];
  body: Buffer;
};

export type RealCurl = {
  /** @returns what was sent, or why nothing was */
  send(text: string): Promise<Sent[] | string>;
  close(): void;
};

/** Options with which a command would read or reach what is none of a request's. */
const apart =
  /^(?:-K|--config|--unix-socket|--abstract-unix-socket|--cert|-E|--key|--cacert|--aws-sigv4|--netrc|-n|--interface|--doh-url|--preproxy|--socks\w+|-b@.*)$/;

export async function openRealCurl(): Promise<RealCurl> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'alfred-curl-'));
  const out = path.join(scratch, 'out');
  const bin = path.join(scratch, 'bin');
  for (const folder of [out, bin]) mkdirSync(folder);
  writeFileSync(
    path.join(bin, 'curl'),
    `#!/bin/sh\nprintf '%s\\0' "$@" > /srv/$$\ncase " $* " in *@-*) /bin/cat > /srv/$$.in;; esac\n`,
    { mode: 0o755 },
  );
  const seen: Sent[] = [];
  const server = await recordingServer(seen);
  return {
    async send(text) {
      const calls = wordsByShell(text, { bin, out });
      if (typeof calls === 'string') return calls;
      seen.length = 0;
      for (const { words, input } of calls) {
        const why = await call(words, input, server.port);
        if (why !== undefined && seen.length === 0) return why;
      }
      return [...seen];
    },
    close() {
      server.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

type Call = { words: string[]; input: Buffer | undefined };

/** The words of each curl in it, by bash, which sees nothing but a read-only machine without a network. */
function wordsByShell(text: string, { bin, out }: { bin: string; out: string }): Call[] | string {
  for (const name of readdirSync(out)) rmSync(path.join(out, name));
  const variables = [...text.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = '']) => name);
  const environment = Object.fromEntries(variables.map((name) => [name, `v-${name}`]));
  try {
    execFileSync(
      '/usr/bin/bwrap',
      [
        ...[
          '--ro-bind',
          '/',
          '/',
          '--tmpfs',
          '/tmp',
          '--tmpfs',
          '/home',
          '--tmpfs',
          '/root',
          '--dev',
          '/dev',
        ],
        ...[
          '--ro-bind',
          bin,
          '/mnt',
          '--bind',
          out,
          '/srv',
          '--unshare-all',
          '--die-with-parent',
          '--chdir',
          '/tmp',
        ],
        ...['/bin/bash', '-c', text],
      ],
      { env: { ...environment, PATH: '/mnt' }, stdio: ['ignore', 'ignore', 'ignore'], timeout: 5_000 },
    );
  } catch {
    // What came before an error counts; the pipes behind a call have no programs here.
  }
  const names = readdirSync(out)
    .filter((name) => !name.endsWith('.in'))
    .sort((one, other) => Number(one) - Number(other));
  if (names.length === 0) return 'no shell takes it';
  return names.map((name) => {
    const words = readFileSync(path.join(out, name), 'utf8').split('\0').slice(0, -1);
    const input = readdirSync(out).includes(`${name}.in`)
      ? readFileSync(path.join(out, `${name}.in`))
      : undefined;
    return { words, input };
  });
}

/** @returns why nothing was sent */
async function call(words: string[], input: Buffer | undefined, port: number): Promise<string | undefined> {
  const odd = words.find((word) => apart.test(word));
  if (odd !== undefined) return `not tried: ${odd}`;
  const folder = mkdtempSync(path.join(tmpdir(), 'alfred-curl-'));
  try {
    for (const name of words
      .join('\n')
      .match(/(?<=@)"?[\w.-]+(?:\/[\w.-]+)*|(?<=^-T\n|\n-T\n|--upload-file\n)[\w.-]+/g) ?? []) {
      const file = path.join(folder, name.replace(/^"/, ''));
      if (!file.startsWith(folder + path.sep)) continue;
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, '{"of":"a file"}');
    }
    const running = run(
      '/usr/bin/curl',
      [
        '-q',
        ...['-s', '-k', '--noproxy', '*', '--proto', '=http,https', '--max-time', '5', '--http1.1'],
        ...['--connect-to', `::127.0.0.1:${port}`],
        ...words,
      ],
      { cwd: folder, env: {}, timeout: 10_000 },
    );
    running.child.stdin?.end(input);
    await running;
    return undefined;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    return `curl ends with ${code}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One port for both: the first byte of TLS is 22. */
async function recordingServer(seen: Sent[]): Promise<{ port: number; close(): void }> {
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const { rawHeaders, method = '', url = '' } = request;
      const headers = rawHeaders.flatMap((name, at): [string, string][] =>
        at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [],
      );
      seen.push({ method, target: url, headers, body: Buffer.concat(parts) });
      response.setHeader('connection', 'close');
      response.end('{}');
    });
  };
  const plain = createServer(answer);
  const secure = createSecureServer({ key: tlsIdentity.key, cert: tlsIdentity.certificate }, answer);
  const door = createTcpServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === 22 ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  }).listen(0, '127.0.0.1');
  await once(door, 'listening');
  return {
    port: (door.address() as AddressInfo).port,
    close: () => {
      door.close();
    },
  };
}
