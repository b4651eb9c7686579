import type { Command } from 'commander';
import type { ConnectionType } from '../../contract/connection-types.ts';
import type { Connection, ConnectionPatch } from '../../contract/connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { addTargetOptions, type TargetOptions } from '../connection-options.ts';
import { readTarget } from '../connection-target.ts';
import { type Context, columnsOf, present } from '../context.ts';
import { parseJson, readText } from '../json-input.ts';
import { missingSeparator, usageProblem } from '../problem.ts';
import { confirmOrStop } from '../prompts.ts';
import { renderFields } from '../render/table.ts';
import { targetFields } from '../render/target.ts';
import { clean } from '../render/text.ts';

type Options = TargetOptions & {
  patch?: string;
  on?: boolean;
  off?: boolean;
  preview?: boolean;
  yes?: boolean;
};

export function addConnectionEdit(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'edit <name> [command...]',
    summary: 'change what a connection runs or calls, its secrets, or switch it on and off',
    description:
      'Shows first what it would be. Secrets belong to the command or address that they were entered for: another one drops them, which is said before anything is saved.',
    examples: [
      ['alfred connection edit github --secret GITHUB_TOKEN', 'asks for the new value'],
      ['alfred connection edit mail --url https://new.example/mcp --preview', 'which secrets would go?'],
      ['alfred connection edit shop --patch change.json', 'a JSON merge patch of its config; null removes'],
      ['alfred connection edit files --off', 'no skill may use it'],
    ],
    options: (command) =>
      addTargetOptions(command)
        .option('--patch <file>', 'a JSON merge patch of the config, - for standard input')
        .option('--on', 'skills may use it')
        .option('--off', 'no skill may use it')
        .option('--preview', 'show what it would be, and change nothing')
        .option('-y, --yes', 'do not ask'),
    async run(context, [name = '', ...words], options) {
      if (words.length > 0 && !context.argv.includes('--')) throw missingSeparator();
      const api = await context.api();
      const { body: before, etag } = await api.tagged.getConnection({ params: { name } });
      const patch = await readPatch(context, before, words, options);

      const planned = await api.updateConnection({
        params: { name },
        query: { preview: 'true' },
        body: patch,
      });
      const { err } = context;
      const width = Math.min(columnsOf(context.stderr) ?? 100, 100);
      const fields = renderFields(
        [
          ['connection', err.bold(name)],
          ...targetFields(planned.type, planned.config, width),
          ['skills', planned.isActive ? undefined : 'may not use it'],
          ['approval', planned.approved ? undefined : 'not approved in this form'],
        ],
        err.dim,
      );
      const margin = context.canAsk ? '\n' : '';
      context.note(`${margin}${fields}${margin}`);
      for (const warning of planned.warnings ?? []) context.note(`${err.yellow('!')} ${clean(warning)}`);
      if (options.preview === true) {
        if (context.json) context.printJson(planned);
        else context.note(err.dim('nothing is changed yet'));
        return undefined;
      }
      await confirmOrStop(context, 'change it to this?', options.yes === true);
      const body = withOriginShown(patch, before, planned);
      const after = await api.updateConnection({ params: { name }, body }, { etag });
      present(context, after, () => `${context.out.green('✓')} ${context.out.bold(name)} is changed`);
      if (!after.approved) context.note(err.dim(`  allow it: alfred connection approve ${name}`));
      return undefined;
    },
  });
}

/** The change with the place of the API that was shown: no other is approved, whatever the document says by then. */
function withOriginShown(patch: ConnectionPatch, before: Connection, planned: Connection): ConnectionPatch {
  const { origin } = planned.config;
  return typeof origin !== 'string' || origin === before.config.origin
    ? patch
    : { ...patch, config: { ...patch.config, origin } };
}

async function readPatch(
  context: Context,
  { type, config }: { type: ConnectionType; config: Record<string, unknown> },
  words: string[],
  options: Options,
): Promise<ConnectionPatch> {
  if (options.on === true && options.off === true) throw usageProblem('--on and --off are opposites');
  const target = await readTarget(context, type, words, options, config);
  const patch =
    options.patch === undefined ? {} : parseJson(await readText(context, options.patch), '--patch');
  if (!isRecord(patch)) throw usageProblem('--patch is not a JSON object');
  const change = { ...patch, ...target };
  const isActive = options.on === true ? true : options.off === true ? false : undefined;
  if (Object.keys(change).length === 0 && isActive === undefined)
    throw usageProblem('There is nothing to change', 'alfred connection edit --help');
  return {
    ...(Object.keys(change).length === 0 ? {} : { config: change }),
    ...(isActive === undefined ? {} : { isActive }),
  };
}
