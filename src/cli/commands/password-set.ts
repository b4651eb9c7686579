import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { askNewPassword } from '../prompts.ts';
import { readStdinSecret } from '../secrets.ts';

export function addPasswordSet(noun: Command, dispatch: Dispatch): void {
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
