/** The real model proxy over a real database and vault, in front of the scripted Messages API; and a bare client for it. */
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { putConfig } from '../../src/config/put-config.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { startModelProxy } from '../../src/model/proxy/model-proxy.ts';
import type { ModelProxy, TicketStep } from '../../src/model/tickets.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type MessagesApi, startMessagesApi } from './messages-api.ts';
import type { Script } from './messages-api-script.ts';
import { createTestVault, type TestVault } from './vault.ts';

export type ProxiedModel = {
  db: TestDatabase;
  vault: TestVault;
  api: MessagesApi;
  proxy: ModelProxy;
  /** Everything that was logged, unredacted, at the lowest level. */
  logged(): string;
  config(key: string, value: string): Promise<void>;
  close(): Promise<void>;
};

export const proxiedKey = 'sk-ant-canary-5f2c9e7a41d80b63';
export const proxiedModelName = 'claude-sonnet-5-5';

/** Starts everything, with `proxiedKey` as the key and the scripted API as the endpoint. */
export async function startProxiedModel(script: Script): Promise<ProxiedModel> {
  const db = await createTestDatabase();
  const vault = await createTestVault(db);
  const api = await startMessagesApi(script);
  let lines = '';
  const destination = new Writable({
    write(chunk, _encoding, done) {
      lines += String(chunk);
      done();
    },
  });
  const log = createLogger({ level: 'trace', format: 'json', redact: (line) => line, destination });
  const config = async (key: string, value: string) => {
    await putConfig({ db, vault }, key, value);
  };
  await config('model_base_url', api.url);
  await config('anthropic_api_key', proxiedKey);
  const proxy = await startModelProxy({ db, vault, log, settings: { home: vault.home } });
  return {
    db,
    vault,
    api,
    proxy,
    logged: () => lines,
    config,
    async close() {
      await proxy.close();
      await api.close();
      await vault.remove();
      await db.drop();
    },
  };
}

/** A step's run, with no limit unless given. */
export const aRun = (given: Partial<TicketStep> = {}): TicketStep => ({
  executionId: '01a2b3c4-0000-7000-8000-000000000001',
  stepId: 1,
  mode: 'live',
  model: proxiedModelName,
  caps: [],
  ...given,
});

/** A request as the Agent SDK's program makes it, in short. */
export const aRequest = (given: Record<string, unknown> = {}): Record<string, unknown> => ({
  model: proxiedModelName,
  max_tokens: 32_000,
  stream: true,
  system: [{ type: 'text', text: 'You are a Claude agent.' }],
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Do it' }] }],
  tools: [],
  ...given,
});

export type Asked = {
  /** As soon as headers are there. */
  response: Promise<IncomingMessage>;
  /** Reads the whole answer; rejects when the connection breaks. */
  readonly answer: Promise<{ status: number; headers: IncomingHttpHeaders; text: string; json(): unknown }>;
  abort(): void;
};

export type AskOptions = {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  /** The body as it is, in place of JSON of `body`. */
  raw?: string;
};

/** Sends one request to a proxy's socket. */
export function ask(
  socketPath: string,
  token: string,
  body: unknown = aRequest(),
  { path = '/v1/messages?beta=true', method = 'POST', headers = {}, raw }: AskOptions = {},
): Asked {
  const request = httpRequest({
    socketPath,
    path,
    method,
    headers: { 'x-api-key': token, 'content-type': 'application/json', ...headers },
  });
  const response = new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
  // Whoever never looks at it has no interest in how it failed.
  response.catch(() => {});
  const read = async () => {
    const incoming = await response;
    let text = '';
    incoming.setEncoding('utf8');
    for await (const chunk of incoming) text += chunk;
    return {
      status: incoming.statusCode ?? 0,
      headers: incoming.headers,
      text,
      json: () => JSON.parse(text) as unknown,
    };
  };
  request.end(raw ?? (method === 'GET' ? undefined : JSON.stringify(body)));
  return {
    response,
    get answer() {
      return read();
    },
    abort: () => request.destroy(),
  };
}
