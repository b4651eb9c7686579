/** A VM with something of everything that a row can lead astray, and what each act on it must never bring about. */
import { startTestVm } from '../helpers/vm.ts';
import type { Change, RowChanger } from './row-changer.ts';
import { RowClient } from './row-client.ts';
import { RowDoor } from './row-door.ts';
import { canaries, Places } from './row-places.ts';
import { RowUse } from './row-use.ts';

export type { Forbidden } from './row-places.ts';

const runTables = ['executions', 'execution_steps', 'approvals', 'step_sessions'];

export async function openRowBench(home: string, below: (below: number) => number) {
  const places = await Places.open(home);
  const vm = await startTestVm({
    home,
    env: {
      ANTHROPIC_BASE_URL: places.servers.model.url,
      ANTHROPIC_API_KEY: canaries.model,
      ALFRED_LOG_LEVEL: 'warn',
      ALFRED_SPARE_AGENTS: '0',
      ALFRED_CONCURRENCY: '2',
    },
  });
  const client = new RowClient(vm);
  await addConnections(client, places);
  await addSkills(client);
  const door = await RowDoor.open(client, below);
  const use = new RowUse(client, places, below);
  return {
    vm,
    lures: places.lures,
    exercised: client.exercised,
    asOwner: client.asOwner.bind(client),
    keepOneWaiting: () => use.keepOneWaiting(),
    /** Uses what the changed row is about, and whoever may not get in. */
    async exercise({ table, executionId }: Change, changer: RowChanger): Promise<void> {
      await door.check(table === 'sign_in_links');
      if (table === 'connections' || below(20) === 0) await use.useConnections();
      if (table === 'config' || below(10) === 0) await use.testModel();
      if (table === 'skills' || table === 'skill_versions' || (table === 'config' && below(4) === 0))
        await use.runPlain();
      // A run takes seconds: enough of them go on.
      if (runTables.includes(table) && use.isWaiting(executionId) && below(3) === 0)
        await use.goOnWith(executionId, changer);
    },
    count: () => places.count({ gotIn: door.gotIn, decided: use.decided }),
    used: () => places.used(),
    async close(): Promise<void> {
      await vm.stop({ keepHome: true });
      await places.close();
    },
  };
}

/** A program and a server by HTTP, each with a secret of its own; and an address for notices. */
async function addConnections(client: RowClient, places: Places): Promise<void> {
  const { right, notices } = places.servers;
  await client.must('POST', '/api/v1/connections', {
    name: 'ledger',
    type: 'mcp_stdio',
    config: {
      command: process.execPath,
      args: places.args,
      sandbox: 'off',
      env: { LEDGER_TOKEN: canaries.program },
    },
  });
  await client.must('POST', '/api/v1/connections/ledger/discover', {});
  await client.must('POST', '/api/v1/connections', {
    name: 'web',
    type: 'mcp_http',
    config: {
      url: right.mcp,
      allowPrivateNetwork: true,
      headers: { Authorization: `Bearer ${canaries.bearer}` },
    },
  });
  await client.must('POST', '/api/v1/connections/web/discover', {});
  const config = { url: notices.url, allowPrivateNetwork: true };
  await client.must('POST', '/api/v1/notice-channels', { name: 'programs', kind: 'webhook', config });
}

async function addSkills(client: RowClient): Promise<void> {
  await client.must('POST', '/api/v1/skills', {
    slug: 'plain',
    name: 'Plain',
    concurrency: 4,
    steps: [{ id: 1, prompt: 'FIRST say that all is well.', allowedTools: [] }],
  });
  await client.must('POST', '/api/v1/skills', {
    slug: 'asks',
    name: 'Asks',
    concurrency: 16,
    steps: [
      { id: 1, prompt: 'FIRST look.', allowedTools: [] },
      { id: 2, prompt: 'PAY NOW.', allowedTools: ['mcp__ledger__pay'], approval: 'always' },
    ],
  });
}
