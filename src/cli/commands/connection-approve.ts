import type { Command } from 'commander';
import { connectionSchema } from '../../contract/connections.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderConnection } from './connection-show.ts';

export function addConnectionApprove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'approve <name>',
    summary: 'allow what a connection runs, and its tools as they are now',
    description:
      'Nothing is started before a person approved exactly this command. A tool whose definition changed is off until then, too.',
    examples: [['alfred connection approve files', 'shows what will run, asks, and approves it']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      const route = `/api/v1/connections/${encodeURIComponent(name)}`;
      const before = await (await context.api()).get(connectionSchema, route);
      context.note(renderConnection({ ...context, out: context.err }, before));
      await confirmOrStop(context, `approve ${name} as shown?`, yes === true);
      const after = await (await context.api()).post(connectionSchema, `${route}/approve`);
      present(context, after, () => `${context.out.green('✓')} ${context.out.bold(name)} is approved`);
      return undefined;
    },
  });
}
