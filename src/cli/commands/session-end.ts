import type { Command } from 'commander';
import { z } from 'zod';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';

async function endAll(context: Context, isSure: boolean): Promise<void> {
  const api = await context.api();
  await confirmOrStop(context, 'sign every browser out?', isSure);
  const answer = await api.endSessions();
  present(context, answer, ({ ended }) =>
    ended === 0 ? 'nobody was signed in' : `${context.out.green('✓')} ${ended} signed out`,
  );
}

export function addSessionEnd(noun: Command, dispatch: Dispatch): void {
  addVerb<{ all?: boolean; yes?: boolean }>(noun, dispatch, {
    usage: 'end [session]',
    summary: 'sign a browser out at once, named by the id that alfred session list shows, or all of them',
    examples: [
      ['alfred session end 019aca10-7f1e-7c3b-9d65-0b7a5a4d8f10', 'what that browser shows stops at once'],
      ['alfred session end --all', 'every browser; tokens stay'],
    ],
    options: (command) =>
      command.option('--all', 'end every session').option('-y, --yes', 'do not ask before all are ended'),
    async run(context, [id], { all, yes }) {
      if ((id === undefined) !== (all === true)) {
        throw usageProblem('Name one session, or say --all', 'alfred session list shows their ids');
      }
      if (id === undefined) {
        await endAll(context, yes === true);
        return undefined;
      }
      if (!z.uuid().safeParse(id).success) {
        throw usageProblem(`${id} is no id of a session`, 'alfred session list shows them');
      }
      await (await context.api()).endSession({ params: { id } });
      present(context, { ended: 1 }, () => `${context.out.green('✓')} signed out`);
      return undefined;
    },
  });
}
