/** `alfred passkey …` */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { findPasskey } from '../find-passkey.ts';
import { confirmOrStop } from '../prompts.ts';
import { formatTime } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addPasskeyCommands(noun: Command, dispatch: Dispatch): void {
  addPasskeyList(noun, dispatch);
  addPasskeyAdd(noun, dispatch);
  addPasskeyRename(noun, dispatch);
  addPasskeyRemove(noun, dispatch);
}

function addPasskeyAdd(noun: Command, dispatch: Dispatch): void {
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

function addPasskeyList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'the passkeys that sign you in',
    examples: [['alfred passkey list', 'name, address, last use']],
    async run(context) {
      const answer = await (await context.api()).listPasskeys();
      const { out } = context;
      present(context, answer, ({ items }) => {
        if (items.length === 0) return 'no passkeys yet; alfred passkey add says where to add one';
        return renderTable(
          [
            { header: 'NAME', min: 8, paint: out.bold },
            { header: 'FOR', min: 8 },
            { header: 'ADDED' },
            { header: 'USED' },
            { header: 'ID', paint: out.dim },
          ],
          items.map(({ id, name, host, createdAt, lastUsedAt }) => [
            name,
            host,
            formatTime(createdAt, context.now()),
            lastUsedAt === null ? 'never' : formatTime(lastUsedAt, context.now()),
            id,
          ]),
          context.columns,
          out.dim,
        );
      });
      return undefined;
    },
  });
}

function addPasskeyRename(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rename <passkey> <name>',
    summary: 'call a passkey, named by its id or its name, something else',
    examples: [['alfred passkey rename "my laptop" "my old laptop"', 'so that it is told from the next one']],
    async run(context, [named = '', name = '']) {
      const api = await context.api();
      const { id } = await findPasskey(api, named);
      const passkey = await api.renamePasskey({ params: { id }, body: { name } });
      present(
        context,
        passkey,
        () => `${context.out.green('✓')} it is ${context.out.bold(passkey.name)} from now on`,
      );
      return undefined;
    },
  });
}

function addPasskeyRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <passkey>',
    summary: 'a passkey, named by its id or its name, signs nobody in any more',
    examples: [
      ['alfred passkey remove "my old phone"', 'and the browsers that came in by it are signed out'],
    ],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [named = ''], { yes }) {
      const api = await context.api();
      const passkey = await findPasskey(api, named);
      await confirmOrStop(context, `remove ${passkey.name}? who came in by it is signed out`, yes === true);
      const answer = await api.removePasskey({ params: { id: passkey.id } });
      present(
        context,
        { removed: passkey.id, ...answer },
        () => `${context.out.green('✓')} ${context.out.bold(passkey.name)} signs nobody in any more`,
      );
      return undefined;
    },
  });
}
