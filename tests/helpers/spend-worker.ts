/**
 * A process that calls the model through the proxy, several times at once, for as long as its budget lasts: what happens to
 * money when several do so, and when one is killed. Run by `node tests/helpers/spend-worker.ts DATABASE_URL HOME SEED`.
 */
import { openDatabase } from '../../src/database/client.ts';
import { newId } from '../../src/kernel/ids.ts';
import { createLogger } from '../../src/kernel/log.ts';
import { readSettings } from '../../src/kernel/settings.ts';
import { startModelProxy } from '../../src/model/proxy/model-proxy.ts';
import { ledgerCap } from '../../src/money/spend/ledger-cap.ts';
import { createRoster } from '../../src/runner/roster.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { aRequest, ask } from './proxied-model.ts';

const [url = '', home = '', seed = '1'] = process.argv.slice(2);
const db = await openDatabase(url, { connections: 8 });
const log = createLogger({ level: 'silent', format: 'json', redact: (line) => line });
const settings = readSettings({ ALFRED_HOME: home });
const vault = await openVault({ db, settings, log });
const roster = createRoster({ db, log, kind: 'worker', vault, lookEveryMs: 250 });
await roster.join();
roster.watch({ onLost: () => {}, onBuried: () => {} });
const proxy = await startModelProxy({ db, vault, log, settings });

/** A small generator, so that a run can be had again. */
let state = Number(seed);
const random = () => {
  state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
  return state / 2_147_483_648;
};

const deps = { db, log, workerId: roster.workerId };
const spender = { executionId: undefined, skillId: newId(), runCapUsd: undefined };

async function spendAll(): Promise<string> {
  const ticket = proxy.issue({
    executionId: newId(),
    stepId: 1,
    mode: 'live',
    model: 'claude-sonnet-5-5',
    caps: [ledgerCap(deps, spender)],
  });
  for (;;) {
    const body = aRequest({
      max_tokens: 1_000 + Math.floor(random() * 20_000),
      stream: random() < 0.7,
      messages: [{ role: 'user', content: 'x'.repeat(Math.floor(random() * 20_000)) }],
    });
    const { status } = await ask(proxy.socketPath, ticket.token, body).answer;
    const code = ticket.lastFailure()?.code;
    if (status !== 200) return code ?? String(status);
  }
}

process.stdout.write('working\n');
const ends = await Promise.all(Array.from({ length: 5 }, spendAll));
process.stdout.write(`${JSON.stringify(ends)}\n`);
await proxy.close();
await roster.leave();
await db.close();
