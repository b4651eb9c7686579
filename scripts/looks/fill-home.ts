/** What a home holds that is hard to draw: 300 runs, and names and texts that nothing in them breaks. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { openDatabase } from '../../src/database/client.ts';
import { sha256 } from '../../src/kernel/hash.ts';
import { newId } from '../../src/kernel/ids.ts';
import { insertToolCall } from '../../tests/helpers/rows.ts';
import type { TestVm } from '../../tests/helpers/vm.ts';

const word = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';
const long = word.repeat(2);
/** As long as one may be. */
export const longSlug = 'a-skill-whose-name-is-as-long-as-the-name-of-a-skill-may-be-here';

/** The address of the database that stands in a home. */
async function databaseIn(home: string): Promise<string> {
  const running = await readFile(path.join(home, 'postgres/running.json'), 'utf8');
  return (JSON.parse(running) as { url: string }).url;
}

/** The row of a run that has ended, for whoever only looks at it: nothing acts on it, so it needs no MAC. */
function finishedRun(at: Date) {
  const hash = sha256('anything');
  return {
    ...{ id: newId(), skillVersion: 1, skillHash: hash, actor: 'owner', model: 'a-model', input: {} },
    ...{ inputHash: hash, outputHash: hash, trace: [], traceHash: hash, contentHash: hash },
    ...{ status: 'succeeded' as const, createdAt: at, startedAt: at, completedAt: at, durationMs: 1_200 },
    ...{ tokenCount: 1_234_567n, costUsd: 0.0123 },
  };
}

/** What a run has in place of a result. */
const failedBy = (error: string) => ({
  ...{ status: 'failed' as const, output: null, error, errorCode: 'E_MODEL_FAILED' },
});

/** 300 runs of a fortnight, whose texts are hard to break. @returns the latest */
export async function fillHome(home: string): Promise<string> {
  const db = await openDatabase(await databaseIn(home), { connections: 1 });
  const skills = ['house-report', 'a-skill-that-was-removed-and-had-a-very-long-name-indeed-as-some-do'];
  let latest = '';
  try {
    for (let n = 299; n >= 0; n--) {
      const at = new Date(Date.now() - n * 4_000_000);
      const isFailed = n % 7 === 3;
      const id = newId();
      const data = {
        ...finishedRun(at),
        id,
        skillSlug: skills[n % 2] ?? '',
        trigger: n % 3 === 0 ? ('schedule' as const) : ('webhook' as const),
        model:
          n % 5 === 0 ? 'claude-opus-5-5' : 'a-model-of-a-provider/with-a-name-that-does-not-end-20261129',
        completedAt: new Date(at.getTime() + 90_061_000),
        durationMs: 90_061_000,
        costUsd: (n % 11) * 1.2345 + 0.0001,
        output: `# The quarterly report\n\n${long} and https://example.com/${long}\n\n- **Two** bills are due.`,
        ...(isFailed ? failedBy(`It broke at ${long}.`) : {}),
      };
      await db.prisma.execution.create({ data });
      await insertToolCall(db, {
        executionId: id,
        connection: n % 2 === 0 ? 'files' : 'memory',
        tool: long.slice(0, 60),
      });
      if (n % 20 === 0)
        await db.prisma.executionMark.create({
          data: { executionId: id, pinnedAt: at, rating: n % 40 === 0 ? 'good' : 'bad', comment: long },
        });
      latest = id;
    }
  } finally {
    await db.close();
  }
  return latest;
}

/** What is made by way of the API, by names that are long. @throws Error where a VM does not take one */
export async function fillByApi({ api }: Pick<TestVm, 'api'>): Promise<void> {
  const made = async (route: string, body: object, method = 'POST') => {
    const { status, body: answer } = await api(method, `/api/v1${route}`, body);
    if (status >= 300) throw new Error(`${route}: ${JSON.stringify(answer)}`);
  };
  const steps = [
    { id: 1, prompt: `Look at ${long} of {{${word.slice(0, 60)}}}`, allowedTools: ['mcp__memory__*'] },
  ];
  const triggerConfig = { cron: '7 7 * * 1-5' };
  await made('/skills', {
    ...{ slug: longSlug, name: word, description: long, tags: [word.slice(0, 30)], isActive: true, steps },
    ...{ triggerType: 'schedule', triggerConfig, maxCostPerDayUsd: 1, maxCostPerMonthUsd: 10 },
  });
  await made('/skills', {
    ...{ slug: 'a-door-bell', name: `Bell ${word}`, steps: [{ id: 1, prompt: 'Who?', allowedTools: [] }] },
    ...{ triggerType: 'webhook', triggerConfig: { auth: 'none' }, onFailureSkill: longSlug },
  });
  const env = { [`${word.slice(0, 30).toUpperCase()}_PASSWORD`]: 'one-that-is-long-enough' };
  await made('/connections', {
    ...{ name: 'mail', type: 'mcp_stdio', config: { command: 'node', args: ['/a-mail-server.js'], env } },
  });
  await made('/tokens', { name: word, scopes: ['read', 'run', 'write'] });
  const config = { url: `https://alerts.example/${word.toLowerCase()}` };
  await made('/notice-channels', { name: 'a-channel-with-a-very-long-name-indeed', kind: 'webhook', config });
  await made('/filters/everything%20that%20failed', { filter: { status: 'failed' } }, 'PUT');
}

/** A hundred VMs of a Core, and people whose names are long. */
export async function fillCore(home: string): Promise<void> {
  const db = new pg.Client({ connectionString: await databaseIn(home) });
  await db.connect();
  try {
    await db.query(
      `INSERT INTO vms (id, label, auth_secret_hash, last_report_at)
       SELECT gen_random_uuid(), $1 || n, '$2b$10$' || repeat('a', 53), now() - n * interval '3 hours'
       FROM generate_series(1, 100) AS n`,
      [word.slice(0, 50)],
    );
    await db.query(
      `INSERT INTO daily_totals
       SELECT id, date_trunc('month', now())::date, '00000000-0000-0000-0000-000000000000', 1204, 9200000, 45100000 FROM vms`,
    );
    await db.query(
      "UPDATE vms SET refused_at = now(), refused_because = 'E_VALIDATION executions' WHERE label LIKE '%7'",
    );
  } finally {
    await db.end();
  }
}
