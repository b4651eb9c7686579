/** A whole VM's audit chain, through its command line: sound after runs and kills, and an alarm when somebody changes the record. */
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { auditVerificationSchema } from '../src/contract/audit.ts';
import { listProcesses } from '../src/processes/process-list.ts';
import { sendSignal } from '../src/processes/send-signal.ts';
import { makePreparedHome, startTestVm, type TestVm } from './helpers/vm.ts';

let home: string;
let vm: TestVm;
beforeAll(async () => {
  home = await makePreparedHome();
  vm = await startTestVm({ home });
});
afterAll(async () => {
  await vm.stop({ keepHome: true });
  await rm(home, { recursive: true, force: true });
});

const verify = async () => {
  const { code, stdout } = await vm.cli(['audit', 'verify', '--json']);
  return { code, ...auditVerificationSchema.parse(JSON.parse(stdout)) };
};

const running = () =>
  z
    .object({ url: z.string(), dataDir: z.string() })
    .parse(JSON.parse(readFileSync(path.join(home, 'postgres/running.json'), 'utf8')));

/** Kills the VM's PostgreSQL, the process that holds its data folder and all of its children. */
function killPostgres(): void {
  const pid = Number(readFileSync(path.join(running().dataDir, 'postmaster.pid'), 'utf8').split('\n')[0]);
  for (const each of listProcesses()) if (each.parent === pid) sendSignal(each.pid, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
}

it('is sound after runs', async () => {
  const run = await vm.cli(['skill', 'run', 'house-report', '--rehearse', '--json']);
  expect(run.code, run.stderr).toBe(0);
  const result = await verify();
  expect(result).toMatchObject({ code: 0, ok: true, firstBad: null, executions: 1, warnings: [] });
  const { json } = await vm.cli(['audit', 'list', '--action', 'execution', '--json']);
  const { items } = z.object({ items: z.array(z.object({ action: z.string() })) }).parse(json());
  expect(items.map(({ action }) => action)).toEqual(['execution.finished', 'execution.queued']);
});

it('raises no false alarm after kill -9 of the VM and of its PostgreSQL', {
  tags: ['exhaustive'],
  timeout: 600_000,
}, async () => {
  for (const what of ['vm', 'postgres', 'both'] as const) {
    // Acts keep coming until the moment of the kill.
    let isOver = false;
    const acts = (async () => {
      for (let number = 0; !isOver; number++)
        await vm
          .api('PUT', `/api/v1/config/note_${number % 5}`, { value: `${what} ${number}` })
          .catch(() => {});
    })();
    await sleep(700 + Math.random() * 600);
    if (what !== 'vm') killPostgres();
    if (what !== 'postgres') {
      vm.process.kill('SIGKILL');
      await new Promise((resolve) => vm.process.once('close', resolve));
    }
    isOver = true;
    await acts;
    if (what !== 'postgres') vm = await startTestVm({ home });
    await expect
      .poll(async () => (await vm.api('GET', '/readyz').catch(() => undefined))?.status, {
        timeout: 180_000,
        interval: 200,
      })
      .toBe(200);
    const result = await verify();
    expect({ what, ...result }).toMatchObject({ ok: true, code: 0, findings: [] });
  }
  expect(vm.stderr()).not.toContain('not as this VM left it');
});

it('says in plain words what was changed, and ends with 1', async () => {
  const client = new pg.Client({ connectionString: running().url });
  await client.connect();
  try {
    await client.query('ALTER TABLE executions DISABLE TRIGGER USER');
    await client.query("UPDATE executions SET output = 'all was well' WHERE completed_at IS NOT NULL");
  } finally {
    await client.end();
  }
  const { code, stdout } = await vm.cli(['audit', 'verify']);
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /The first bad place:\s+Execution [0-9a-f-]{36} was changed after it ended: its output/,
  );
});
