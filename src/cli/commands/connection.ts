/** `alfred connection …` */
import type { Command } from 'commander';
import { hasUnknownOrigin } from '../../contract/connection-types.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { confirmOrStop } from '../prompts.ts';
import { plural } from '../render/figures.ts';
import { clean } from '../render/text.ts';
import { addConnectionAdd } from './connection-add.ts';
import { addConnectionDiscover } from './connection-discover.ts';
import { addConnectionEdit } from './connection-edit.ts';
import { addConnectionExport } from './connection-export.ts';
import { addConnectionImport } from './connection-import.ts';
import { addConnectionList } from './connection-list.ts';
import { addConnectionLogin } from './connection-login.ts';
import { addConnectionShow, renderConnection } from './connection-show.ts';
import { addConnectionTest } from './connection-test.ts';

export function addConnectionCommands(noun: Command, dispatch: Dispatch): void {
  addConnectionList(noun, dispatch);
  addConnectionShow(noun, dispatch);
  addConnectionAdd(noun, dispatch);
  addConnectionImport(noun, dispatch);
  addConnectionEdit(noun, dispatch);
  addConnectionApprove(noun, dispatch);
  addConnectionLogin(noun, dispatch);
  addConnectionLogout(noun, dispatch);
  addConnectionTest(noun, dispatch);
  addConnectionDiscover(noun, dispatch);
  addConnectionExport(noun, dispatch);
  addConnectionRename(noun, dispatch);
  addConnectionRemove(noun, dispatch);
}

function addConnectionApprove(noun: Command, dispatch: Dispatch): void {
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

function addConnectionLogout(noun: Command, dispatch: Dispatch): void {
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

function addConnectionRename(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'rename <name> <to>',
    summary: 'call a connection otherwise; the skills that use it follow',
    description:
      'Skills and conversations that choose its tools follow, each skill as a new version; what says the old name still is told. Refused while a run that may use it is under way.',
    examples: [['alfred connection rename files papers', 'mcp__files__… is mcp__papers__… from then on']],
    async run(context, [name = '', to = '']) {
      const renamed = await (await context.api()).renameConnection({ params: { name }, body: { to } });
      const { out, err } = context;
      present(context, renamed, ({ skills, conversations }) => {
        const followers = [
          ...(skills.length === 0 ? [] : [skills.map(clean).join(', ')]),
          ...(conversations === 0 ? [] : [plural(conversations, 'conversation')]),
        ];
        const followed = followers.length === 0 ? '' : `; with it ${followers.join(' and ')}`;
        return `${out.green('✓')} ${clean(name)} is ${out.bold(clean(to))} now${followed}`;
      });
      for (const warning of renamed.warnings) context.note(`${err.yellow('!')} ${clean(warning)}`);
      return undefined;
    },
  });
}

function addConnectionRemove(noun: Command, dispatch: Dispatch): void {
  addVerb<{ yes?: boolean }>(noun, dispatch, {
    usage: 'remove <name>',
    summary: 'remove a connection and the secrets it holds',
    description: 'Refused while an active skill uses it.',
    examples: [['alfred connection remove files', 'asks first; -y does not']],
    options: (command) => command.option('-y, --yes', 'do not ask'),
    async run(context, [name = ''], { yes }) {
      const api = await context.api();
      await api.getConnection({ params: { name } });
      await confirmOrStop(context, `remove ${name} and the secrets it holds?`, yes === true);
      await api.removeConnection({ params: { name } });
      present(
        context,
        { removed: name },
        () => `${context.out.green('✓')} ${context.out.bold(name)} is removed`,
      );
      return undefined;
    },
  });
}
