import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import { listItems } from '../../contract/list-items.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { withProgress } from '../live-line.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';

/** How long it is waited for runs to stand still, in milliseconds. */
const patienceMs = 30_000;

export function addStopAll(program: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(program, dispatch, {
    usage: 'stop-all',
    summary: 'the kill switch: cancel every run, and let nothing start by itself',
    description:
      'Cancels what runs, waits and is queued. Schedules, webhooks, chat and other programs start nothing more until alfred go-on; a run by hand is still yours to start.',
    examples: [['alfred stop-all', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(
        context,
        'cancel every run, and stop schedules, webhooks, chat and other programs from starting others?',
        yes === true,
      );
      const done = await api.stopAll();
      const now = context.now().toISOString();
      const running = await withProgress(context, 'waiting until everything stands still', async () => {
        const until = performance.now() + patienceMs;
        for (;;) {
          const query = { status: 'running' as const };
          const left = await listItems(api.listExecutions, { query }, { max: 1000 });
          // What somebody started by hand since then is theirs.
          const ours = left.filter(({ createdAt }) => createdAt < now);
          if (ours.length === 0 || performance.now() > until) return ours.length;
          await sleep(200);
        }
      });
      const { out } = context;
      present(context, { ...done, running }, () =>
        [
          `${running === 0 ? out.green('✓') : out.yellow('!')} ${plural(done.cancelled, 'run')} cancelled; nothing starts but by your own hand`,
          ...(running === 0
            ? []
            : [
                `  ${plural(running, 'run')} did not stand still yet: alfred execution list --status running`,
              ]),
          out.dim('  to go on: alfred go-on'),
        ].join('\n'),
      );
      return running === 0 ? undefined : exitCodes.failed;
    },
  });
}
