import type { Command } from 'commander';
import { connectionSchema } from '../../contract/connections.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderConnection } from './connection-show.ts';

export function addConnectionApprove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'approve <name>',
    summary: 'allow what a connection runs or calls, and its tools as they are now',
    description:
      'Nothing is started or called before a person approved exactly this command or address. A tool whose definition changed is off until then, too; the difference is shown.',
    examples: [['alfred connection approve files', 'shows what will run, asks, and approves it']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      const route = `/api/v1/connections/${encodeURIComponent(name)}`;
      const api = await context.api();
      const read = await api.request('GET', route);
      const before = connectionSchema.parse(read.body);
      context.note(renderConnection({ ...context, out: context.err }, before));
      await confirmOrStop(context, `approve ${name} as shown?`, yes === true);
      // Nothing else is approved than what was shown.
      const headers = read.etag === undefined ? {} : { 'if-match': read.etag };
      const after = connectionSchema.parse((await api.request('POST', `${route}/approve`, { headers })).body);
      present(context, after, () => `${context.out.green('✓')} ${context.out.bold(name)} is approved`);
      return undefined;
    },
  });
}
