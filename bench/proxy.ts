/**
 * What the model proxy adds to a model call: time to the first byte, and the pace of a long answer, beside the same call
 * made directly. Both go to the same stand-in endpoint, in turns, so that the machine's noise meets them alike.
 *
 *   node bench/proxy.ts [rounds]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, type RequestOptions, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { putConfig } from '../src/config/put-config.ts';
import { openDatabase } from '../src/database/client.ts';
import { startEmbeddedPostgres } from '../src/database/embedded.ts';
import { migrateDatabase } from '../src/database/migrate.ts';
import { createLogger } from '../src/kernel/log.ts';
import { startModelProxy } from '../src/model/proxy/model-proxy.ts';
import { spendCap } from '../src/money/spend-caps.ts';
import { openVault } from '../src/vault/open-vault.ts';
import { startMessagesApi } from '../tests/helpers/messages-api.ts';

const rounds = Number(process.argv[2] ?? 300);
const model = 'claude-sonnet-5-5';
const home = await mkdtemp(path.join(tmpdir(), 'alfred-bench-'));
const log = createLogger({ level: 'error', format: 'json', redact: (line) => line });
const postgres = await startEmbeddedPostgres({ home, log });
await migrateDatabase({ url: postgres.url, home, log });
const db = await openDatabase(postgres.url);
const rootKey = { credentialsDirectory: undefined, file: undefined, value: undefined };
const vault = await openVault({ db, settings: { home, rootKey }, log });
const api = await startMessagesApi(() => ({ text: 'Hello.' }));
await putConfig({ db, vault }, 'model_base_url', api.url);
await putConfig({ db, vault }, 'anthropic_api_key', 'sk-ant-bench-0123456789abcdef');
for (let secret = 0; secret < 20; secret++)
  vault.seal(
    { table: 'x', rowId: String(secret), pointer: '/x' },
    `a-secret-of-the-bench-${secret}`,
    `x.${secret}`,
  );
const proxy = await startModelProxy({ db, vault, log, settings: { home } });
const ticket = proxy.issue({
  executionId: 'bench',
  stepId: 1,
  mode: 'live',
  model,
  caps: [spendCap({ scope: 'this bench', capUsd: 1_000_000 })],
});

const { port } = new URL(api.url);
const agent = new Agent({ keepAlive: true });
const direct: RequestOptions = { agent, host: '127.0.0.1', port, path: '/v1/messages' };
const proxied: RequestOptions = {
  agent,
  socketPath: proxy.socketPath,
  path: '/v1/messages',
  headers: { 'x-api-key': ticket.token },
};

/** Milliseconds to the first byte of the answer's body, and to its end. */
function call(options: RequestOptions, body: string): Promise<{ first: number; whole: number }> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let first = 0;
    const asked = request({ ...options, method: 'POST' }, (response) => {
      response.on('data', () => {
        first ||= performance.now() - started;
      });
      response.on('end', () => {
        if (response.statusCode === 200) resolve({ first, whole: performance.now() - started });
        else reject(new Error(`status ${response.statusCode}`));
      });
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

const median = (numbers: number[]) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

async function compare(name: string, body: string, count: number, what: 'first' | 'whole'): Promise<void> {
  const times: Record<'direct' | 'proxied', number[]> = { direct: [], proxied: [] };
  for (let round = 0; round < count + 20; round++) {
    for (const [way, options] of [
      ['direct', direct],
      ['proxied', proxied],
    ] as const) {
      const time = (await call(options, body))[what];
      // The first ones warm both ways up.
      if (round >= 20) times[way].push(time);
    }
    api.requests.length = 0;
  }
  const [a, b] = [median(times.direct), median(times.proxied)];
  console.log(
    `${name}: direct ${a.toFixed(2)} ms, proxied ${b.toFixed(2)} ms, added ${(b - a).toFixed(2)} ms, ratio ${(b / a).toFixed(2)}`,
  );
}

const conversation = (kilobytes: number) =>
  JSON.stringify({
    model,
    max_tokens: 1000,
    stream: true,
    system: [{ type: 'text', text: 'You are a Claude agent.', cache_control: { type: 'ephemeral' } }],
    messages: Array.from({ length: Math.max(1, kilobytes) }, () => ({
      role: 'user',
      content: [{ type: 'text', text: 'The boiler in the cellar is loud at night. '.repeat(23) }],
    })),
    tools: [],
  });

console.log(`known forms of secrets: ${vault.redactor.size}; rounds: ${rounds}`);
await compare('first byte, request of 2 kB', conversation(1), rounds, 'first');
await compare('first byte, request of 200 kB', conversation(200), Math.ceil(rounds / 3), 'first');
api.setScript(() => ({ text: 'word '.repeat(800_000) }));
await compare('a whole answer of 4 MB', conversation(1), Math.ceil(rounds / 15), 'whole');

agent.destroy();
await proxy.close();
await api.close();
await db.close();
await postgres.stop();
await rm(home, { recursive: true, force: true });
