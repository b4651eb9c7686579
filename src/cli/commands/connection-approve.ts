import type { Command } from 'commander';
import { hasUnknownOrigin } from '../../contract/connection-types.ts';
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
      const api = await context.api();
      const { body: kept, etag } = await api.tagged.getConnection({ params: { name } });
      context.note(renderConnection({ ...context, out: context.err }, kept));
      let shown = kept;
      if (hasUnknownOrigin(kept)) {
        await confirmOrStop(context, 'read its document, to see where its API is?', yes === true);
        shown = await api.approveConnection({ params: { name }, query: { preview: 'true' } });
        context.note(renderConnection({ ...context, out: context.err }, shown));
      }
      await confirmOrStop(context, `approve ${name} as shown?`, yes === true);
      // Nothing else is approved than what was shown.
      const { origin } = shown.config;
      const query = typeof origin === 'string' ? { origin } : {};
      const after = await api.approveConnection({ params: { name }, query }, { etag });
      present(context, after, () => `${context.out.green('✓')} ${context.out.bold(name)} is approved`);
      return undefined;
    },
  });
}
