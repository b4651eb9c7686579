import type { Command } from 'commander';
import { renderUnicodeCompact } from 'uqr';
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

/** Light on dark, whatever the terminal's own colours are: a camera reads it on each. */
const asCode = (text: string, { bgBlack, whiteBright }: Context['out']): string =>
  renderUnicodeCompact(text, { border: 2 })
    .split('\n')
    .map((line) => bgBlack(whiteBright(line)))
    .join('\n');

async function printSignInLink(context: Context, api: Api, isForPhone: boolean): Promise<void> {
  const made = await api.createSignInLink();
  present(context, made, ({ url }) => (isForPhone ? `${asCode(url, context.out)}\n${url}` : url));
  if (isForPhone && ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(made.url).hostname)) {
    context.note(
      `${context.err.yellow('!')} a phone does not reach this address: set ALFRED_PUBLIC_URL to the https address that leads here, and start again`,
    );
  }
  context.note(context.err.dim(`  works once, until ${formatTime(made.expiresAt, context.now())}`));
}

export function addStatus(program: Command, dispatch: Dispatch): void {
  addVerb<{ link?: boolean; phone?: boolean }>(program, dispatch, {
    usage: 'status',
    summary: 'what runs where, with which model, and how it stands',
    examples: [
      ['alfred status', 'ends with 1 when the VM is not running'],
      ['alfred status --link', 'a new link that signs you in, once'],
      ['alfred status --phone', 'the same as a code that the camera of a phone reads'],
    ],
    options: (command) =>
      command
        .option('--link', 'make a one-time sign-in link and print it alone')
        .option('--phone', 'the same as a code for the camera of a phone'),
    async run(context, _operands, { link = false, phone = false }) {
      const { home } = context.settings();
      const holder = await readHomeLock(home);
      if (!holder?.address && context.json) {
        context.printJson({ running: false, home });
        return exitCodes.failed;
      }
      const api = await context.api();
      if (link || phone) {
        await printSignInLink(context, api, phone);
        return undefined;
      }
      await api.readReadiness();
      const status = await readStatus(api, home, holder);
      present(context, status, () => renderStatus(status, context.out, context.now()));
      return undefined;
    },
  });
}
