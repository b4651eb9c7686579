import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { clean } from '../render/text.ts';

export function addConnectionLogout(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'logout <name>',
    summary: 'sign out: have the tokens revoked where the server can, and forget them',
    examples: [['alfred connection logout mail', 'skills that use it fail until you sign in again']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      await confirmOrStop(context, `sign out of ${name}?`, yes === true);
      const connection = await (await context.api()).logOut({ params: { name } });
      present(context, connection, () => `${context.out.green('✓')} signed out of ${context.out.bold(name)}`);
      for (const warning of connection.warnings ?? [])
        context.note(`${context.err.yellow('!')} ${clean(warning)}`);
      return undefined;
    },
  });
}
