/**
 * A browser that Playwright does not drive as it comes, driven by the protocol that it brings: WebKitGTK by WebDriver
 * (https://www.w3.org/TR/webdriver2/), Firefox by Marionette, which is the same commands in lines over a socket
 * (https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../helpers/free-port.ts';

export type OtherBrowser = {
  /** With its version. */
  name: string;
  go(url: string): Promise<void>;
  /** What the body of a function returns in the page. */
  evaluate(body: string, ...given: unknown[]): Promise<unknown>;
  resize(width: number, height: number): Promise<void>;
  /** A picture of what the window shows, as PNG; undefined where the browser draws nothing anew and waits for that. */
  picture(): Promise<Buffer | undefined>;
  close(): Promise<void>;
};

type Send = (command: string, given: Record<string, unknown>) => Promise<unknown>;

const pictureWithinMs = 10_000;

async function open(send: Send, close: () => Promise<void>, named: string[]): Promise<OtherBrowser> {
  const started = (await send('session', {})) as { capabilities: Record<string, unknown> };
  const decoded = (picture: unknown) => Buffer.from(String(picture), 'base64');
  return {
    name: named.map((name) => String(started.capabilities[name] ?? name)).join(' '),
    go: async (url) => void (await send('url', { url })),
    evaluate: (body, ...given) => send('execute/sync', { script: body, args: given }),
    resize: async (width, height) => void (await send('window/rect', { x: 0, y: 0, width, height })),
    picture: async () => {
      const taken = send('screenshot', {}).then(decoded, () => undefined);
      return await Promise.race([taken, sleep(pictureWithinMs, undefined, { ref: false })]);
    },
    close,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // It and the display that it was given.
  process.kill(-(child.pid ?? 0), 'SIGTERM');
  await gone;
}

/** Tries until it works: what was started a moment ago does not listen yet. */
async function insistently<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let left = 100; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}

/** Debian's packages `webkit2gtk-driver`, `xvfb` and `xauth`. The engine is Safari’s, its version that of the package. */
export async function openWebKit(): Promise<OtherBrowser> {
  const port = await freePort();
  const child = spawn(
    'xvfb-run',
    ['-a', '-s', '-screen 0 1600x1200x24', 'WebKitWebDriver', `--port=${port}`],
    {
      detached: true,
      stdio: 'ignore',
    },
  );
  await once(child, 'spawn');
  const binary = '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser';
  const options = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
  let session = '';
  const send: Send = async (command, given) => {
    const isAsked = command === 'screenshot';
    const answer = await fetch(`http://127.0.0.1:${port}${session}/${command}`, {
      method: isAsked ? 'GET' : 'POST',
      ...(isAsked
        ? {}
        : {
            body: JSON.stringify(command === 'session' ? { capabilities: { alwaysMatch: options } } : given),
          }),
    });
    const { value } = (await answer.json()) as {
      value: { sessionId?: string; error?: string; message?: string } | null;
    };
    if (value?.error !== undefined) throw new Error(`${command}: ${value.message}`);
    if (value?.sessionId !== undefined) session = `/session/${value.sessionId}`;
    return value;
  };
  await insistently(() => fetch(`http://127.0.0.1:${port}/status`));
  return open(send, () => ended(child), ['WebKitGTK', 'browserVersion']);
}

const marionetteCommands: Record<string, string> = {
  session: 'WebDriver:NewSession',
  url: 'WebDriver:Navigate',
  'execute/sync': 'WebDriver:ExecuteScript',
  'window/rect': 'WebDriver:SetWindowRect',
  screenshot: 'WebDriver:TakeScreenshot',
};

/** Debian's package `firefox-esr`. */
export async function openFirefox(): Promise<OtherBrowser> {
  const port = await freePort();
  const profile = await mkdtemp(path.join(tmpdir(), 'alfred-firefox-'));
  await writeFile(path.join(profile, 'user.js'), `user_pref('marionette.port', ${port});\n`);
  const child = spawn('firefox-esr', ['--headless', '--marionette', '--no-remote', '--profile', profile], {
    detached: true,
    stdio: 'ignore',
  });
  await once(child, 'spawn');
  const socket = await insistently(() => connected(port));
  const answers = answersOf(socket);
  let count = 0;
  const send: Send = async (command, given) => {
    count += 1;
    const line = JSON.stringify([0, count, marionetteCommands[command], { ...given, full: false }]);
    socket.write(`${Buffer.byteLength(line)}:${line}`);
    const answer = (await answers.next()).value as [number, number, { message: string } | null, unknown];
    if (answer[2] !== null) throw new Error(`${command}: ${answer[2].message}`);
    const result = answer[3] as { value?: unknown } | null;
    return result !== null && 'value' in result ? result.value : result;
  };
  await answers.next();
  const close = async () => {
    socket.destroy();
    await ended(child);
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  return open(send, close, ['Firefox', 'browserVersion']);
}

async function connected(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Each is its length in bytes, a colon, and so much JSON. */
async function* answersOf(socket: Socket): AsyncGenerator<unknown, void> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of socket) {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const colon = bytes.indexOf(':');
      const length = Number(bytes.subarray(0, colon));
      if (colon < 0 || bytes.length < colon + 1 + length) break;
      yield JSON.parse(bytes.subarray(colon + 1, colon + 1 + length).toString());
      bytes = bytes.subarray(colon + 1 + length);
    }
  }
}
