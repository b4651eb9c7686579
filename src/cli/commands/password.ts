/** `alfred password …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { askNewPassword, confirmOrStop } from '../prompts.ts';
import { readStdinSecret } from '../secrets.ts';

export function addPasswordCommands(noun: Command, dispatch: Dispatch): void {
  addPasswordSet(noun, dispatch);
  addPasswordRemove(noun, dispatch);
}

function addPasswordSet(noun: Command, dispatch: Dispatch): void {
  addVerb<{ passwordStdin?: boolean }>(noun, dispatch, {
    usage: 'set',
    summary: 'set the password that signs you in to the console, or another; it is asked for, unseen',
    examples: [
      ['alfred password set', 'asks twice; who came in by the one before is signed out'],
      ['alfred password set --password-stdin < file', 'the first line feed at the end is no part of it'],
    ],
    options: (command) => command.option('--password-stdin', 'read it from standard input'),
    async run(context, _operands, { passwordStdin }) {
      const api = await context.api();
      const password =
        passwordStdin === true
          ? await readStdinSecret(context, 'the password')
          : await askNewPassword(context);
      const answer = await api.setPassword({ body: { password } });
      present(context, answer, () => `${context.out.green('✓')} the password signs you in`);
      return undefined;
    },
  });
}

function addPasswordRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove',
    summary: 'the password signs nobody in any more',
    examples: [['alfred password remove', 'and the browsers that came in by it are signed out']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, _operands, { yes }) {
      const api = await context.api();
      await confirmOrStop(context, 'remove the password? who came in by it is signed out', yes === true);
      const answer = await api.removePassword();
      present(context, answer, () => `${context.out.green('✓')} there is no password any more`);
      return undefined;
    },
  });
}
