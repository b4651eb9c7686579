import type { Command } from 'commander';
import { type ChannelKind, channelKindNames, kindFacts } from '../../contract/channel-kinds.ts';
import { addChannelOptions, type ChannelOptions, readChannelConfig, readRules } from '../channel-options.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { usageProblem } from '../problem.ts';
import { clean } from '../render/text.ts';

/** @throws CliProblem */
function kindOf(text: string | undefined): ChannelKind {
  const kind = channelKindNames.find((name) => name === text);
  if (kind !== undefined) return kind;
  const known = channelKindNames.map((name) => `${name}: ${kindFacts(name).about}`);
  throw usageProblem(
    text === undefined ? 'Say what kind of channel it is: --kind' : `${text} is no kind of channel`,
    known.join('\n  '),
  );
}

/** How its owner comes by what is asked for. */
function explain(context: Context, kind: ChannelKind): void {
  const { label, steps } = kindFacts(kind);
  if (!context.canAsk) return;
  context.note(context.err.bold(label));
  for (const [at, step] of steps.entries()) context.note(`  ${at + 1}. ${step}`);
}

export function addNoticeAdd(noun: Command, dispatch: Dispatch): void {
  addVerb<ChannelOptions & { kind?: string }>(noun, dispatch, {
    usage: 'add <name>',
    summary: 'add a channel: where you are told of what failed, waits, or is done',
    description: `Kinds: ${channelKindNames.join(', ')}. Secrets are asked for, or read from standard input or a file; never from the command line. Nothing is sent yet: alfred notice test NAME.`,
    examples: [
      [
        'alfred notice add mailbox --kind email --set host=smtp.example.com --set from=a@example.com --set to=me@example.com --set user=a@example.com --secret password',
        'asks for the password of the mailbox',
      ],
      ['alfred notice add phone --kind ntfy --quiet 22:00-07:00 --urgent', 'asks for the topic'],
      [
        'alfred notice add home --kind webhook --tell failed,waiting',
        'asks for the address; its secret is made up, and shown once',
      ],
    ],
    options: (command) =>
      addChannelOptions(command.option('--kind <kind>', `one of ${channelKindNames.join(', ')}`)),
    async run(context, [name = ''], options) {
      const kind = kindOf(options.kind);
      if (kindFacts(kind).isMadeByBrowser && options.secretStdin !== true) {
        throw usageProblem(
          'A browser subscribes itself: the command line cannot do it',
          `open the console in that browser, then Settings, Notices, Add a channel, ${kindFacts(kind).label}`,
        );
      }
      const rules = readRules(options);
      explain(context, kind);
      const config = await readChannelConfig(context, kind, options, { asksRequired: true });
      const channel = await (await context.api()).createChannel({ body: { name, kind, config, rules } });
      const { out, err } = context;
      present(
        context,
        channel,
        () => `${out.green('✓')} ${out.bold(name)} is added: ${clean(channel.place)}`,
      );
      for (const warning of channel.warnings ?? []) context.note(`${err.yellow('!')} ${clean(warning)}`);
      context.note(err.dim(`  try it: alfred notice test ${name}`));
      return undefined;
    },
  });
}
