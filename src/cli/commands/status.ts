import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { type LockHolder, readHomeLock } from '../../processes/home-lock.ts';
import type { Api } from '../api.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { connectionState } from '../render/connection.ts';
import { formatTime } from '../render/figures.ts';
import { renderStatus, type VmStatus } from '../render/status.ts';

/** How it stands, as `--json` gives it. */
async function readStatus(api: Api, home: string, holder: LockHolder | undefined): Promise<VmStatus> {
  const [connections, skills, [latest], model, budget, { stopped }, backups, { items: channels }] =
    await Promise.all([
      listItems(api.listConnections, {}),
      listItems(api.listSkills, {}),
      listItems(api.listExecutions, {}, { max: 1 }),
      api.showModel(),
      api.readBudget(),
      api.readStop(),
      api.readBackups(),
      api.listChannels(),
    ]);
  const states = Map.groupBy(connections.map(connectionState), (state) => state);
  return {
    running: true,
    url: api.url,
    pid: holder?.pid,
    startedAt: holder?.since,
    home,
    model,
    connections: Object.fromEntries([...states].map(([state, all]) => [state, all.length])),
    skills: skills.length,
    latestExecution: latest ?? null,
    spent: { day: budget.day, month: budget.month },
    stopped,
    backups,
    channels,
  };
}

async function printSignInLink(context: Context, api: Api): Promise<void> {
  const made = await api.createSignInLink();
  present(context, made, ({ url }) => url);
  context.note(context.err.dim(`  works once, until ${formatTime(made.expiresAt, context.now())}`));
}

export function addStatus(program: Command, dispatch: Dispatch): void {
  addVerb<{ link?: boolean }>(program, dispatch, {
    usage: 'status',
    summary: 'what runs where, with which model, and how it stands',
    examples: [
      ['alfred status', 'ends with 1 when the VM is not running'],
      ['alfred status --link', 'a new link that signs you in, once'],
    ],
    options: (command) => command.option('--link', 'make a one-time sign-in link and print it alone'),
    async run(context, _operands, { link }) {
      const { home } = context.settings();
      const holder = await readHomeLock(home);
      if (!holder?.address && context.json) {
        context.printJson({ running: false, home });
        return exitCodes.failed;
      }
      const api = await context.api();
      if (link === true) {
        await printSignInLink(context, api);
        return undefined;
      }
      await api.readReadiness();
      const status = await readStatus(api, home, holder);
      present(context, status, () => renderStatus(status, context.out, context.now()));
      return undefined;
    },
  });
}
