import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { readHomeLock } from '../../processes/home-lock.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { describeSpend } from '../render/budget.ts';
import { connectionState } from '../render/connection.ts';
import { paintStatus } from '../render/execution.ts';
import { formatDuration, formatTime, plural } from '../render/figures.ts';
import { describeModel } from '../render/start.ts';
import { renderFields } from '../render/table.ts';

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
        const made = await api.createSignInLink();
        present(context, made, ({ url }) => url);
        context.note(context.err.dim(`  works once, until ${formatTime(made.expiresAt, context.now())}`));
        return undefined;
      }
      await api.readReadiness();
      const [connections, skills, [latest], model, budget, { stopped }] = await Promise.all([
        listItems(api.listConnections, {}),
        listItems(api.listSkills, {}),
        listItems(api.listExecutions, {}, { max: 1 }),
        api.showModel(),
        api.readBudget(),
        api.readStop(),
      ]);
      const states = Map.groupBy(connections.map(connectionState), (state) => state);
      const status = {
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
      };
      const { out } = context;
      const now = context.now();
      present(context, status, () =>
        renderFields(
          [
            ['running', `${out.green(api.url)}${out.dim(`, process ${status.pid}`)}`],
            [
              'since',
              holder &&
                `${formatTime(holder.since, now)} ${out.dim(`(${formatDuration(now.getTime() - Date.parse(holder.since))})`)}`,
            ],
            ['home', home],
            [
              'model',
              describeModel(
                { name: model.model, isRehearsal: model.rehearsal, hasApiKey: model.hasApiKey },
                out,
              ),
            ],
            [
              'spent',
              `today ${describeSpend(budget.day, out)}, this month ${describeSpend(budget.month, out)}`,
            ],
            [
              'stopped',
              stopped === null
                ? undefined
                : out.red(
                    `since ${formatTime(stopped.since, now)} by ${stopped.by}: no trigger starts a run; alfred go-on`,
                  ),
            ],
            [
              'connections',
              [...states].map(([state, all]) => `${all.length} ${state}`).join(', ') || 'none yet',
            ],
            ['skills', plural(skills.length, 'skill')],
            [
              'last run',
              latest === undefined
                ? 'none yet'
                : `${latest.skillSlug}, ${paintStatus(latest.status, out)} ${formatTime(latest.createdAt, now)}`,
            ],
          ],
          out.dim,
        ),
      );
      return undefined;
    },
  });
}
