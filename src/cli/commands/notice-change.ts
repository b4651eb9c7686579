import type { Command } from 'commander';
import type { ChannelKind } from '../../contract/channel-kinds.ts';
import type { ChannelPatch } from '../../contract/channels.ts';
import { addChannelOptions, type ChannelOptions, readChannelConfig, readRules } from '../channel-options.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem, usageProblem } from '../problem.ts';
import { channelFields } from '../render/channels.ts';
import { renderFields } from '../render/table.ts';

type Options = ChannelOptions & { rename?: string; on?: boolean; off?: boolean };

export function addNoticeChange(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'change <name>',
    summary: 'change where a channel leads, what it is told of, when and how much; switch it on and off',
    description: 'What is not named stays. Another server wants its secrets entered again.',
    examples: [
      ['alfred notice change phone --quiet 22:00-07:00 --urgent', 'at night calls that wait alone'],
      ['alfred notice change mailbox --secret password', 'asks for the new one'],
      ['alfred notice change mailbox --digest 07:30 --content whole', 'each morning what came of the day'],
      ['alfred notice change phone --off', 'it is told nothing, and kept'],
    ],
    options: (command) =>
      addChannelOptions(command)
        .option('--rename <name>', 'call it otherwise')
        .option('--on', 'tell it again')
        .option('--off', 'tell it nothing'),
    async run(context, [name = ''], options) {
      const api = await context.api();
      const before = (await api.listChannels()).items.find((one) => one.name === name);
      if (before === undefined)
        throw new CliProblem('E_NOT_FOUND', `There is no channel ${name}`, {
          remedy: 'see them with alfred notice list',
        });
      const patch = await readPatch(before.kind);
      const channel = await api.updateChannel({ params: { name }, body: patch });
      present(context, channel, () => renderFields(channelFields(channel, context.now()), context.out.dim));
      return undefined;

      async function readPatch(kind: ChannelKind): Promise<ChannelPatch> {
        if (options.on && options.off)
          throw usageProblem('--on and --off say opposite things', 'use one of them');
        const rules = readRules(options);
        const config = await readChannelConfig(context, kind, options, { asksRequired: false });
        const patch: ChannelPatch = {
          ...(options.rename === undefined ? {} : { name: options.rename }),
          ...(options.on || options.off ? { isActive: options.on === true } : {}),
          ...(Object.keys(rules).length === 0 ? {} : { rules }),
          ...(Object.keys(config).length === 0 ? {} : { config }),
        };
        if (Object.keys(patch).length === 0)
          throw usageProblem('There is nothing to change', 'alfred notice change --help');
        return patch;
      }
    },
  });
}
