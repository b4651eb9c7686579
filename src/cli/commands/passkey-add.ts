import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { formatTime } from '../render/figures.ts';

export function addPasskeyAdd(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'add',
    summary: 'print the address to add a passkey at: a browser asks the device for it',
    examples: [['alfred passkey add', 'open what it prints, in the browser that is to have the passkey']],
    async run(context) {
      const made = await (await context.api()).createSignInLink({ body: { for: 'passkeys' } });
      const url = new URL(made.url);
      url.pathname = '/settings';
      present(context, { ...made, url: url.href }, () => url.href);
      context.note(
        context.err.dim(
          `  signs you in once, until ${formatTime(made.expiresAt, context.now())}; there, under “Signing in”, add a passkey`,
        ),
      );
      return undefined;
    },
  });
}
