/** What a channel is set up with, on the command line: fields of its kind, secrets asked for, and the rules. */
import type { Command } from 'commander';
import {
  type ChannelKind,
  contentLevelNames,
  kindFacts,
  noticeEventNames,
} from '../contract/channel-kinds.ts';
import { type ChannelRules, channelRulesSchema } from '../contract/channels.ts';
import { fieldErrors } from '../kernel/validate.ts';
import { collect } from './command.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { eventHelp } from './render/channels.ts';
import { readSecrets, splitPair } from './secrets.ts';

export type ChannelOptions = {
  set?: string[];
  secret?: string[];
  secretFile?: string[];
  secretStdin?: boolean;
  private?: boolean;
  tell?: string;
  skill?: string[];
  allSkills?: boolean;
  content?: string;
  links?: boolean;
  quiet?: string | false;
  urgent?: boolean;
  digest?: string | false;
};

export const addChannelOptions = (command: Command): Command =>
  command
    .option('--set <field=value>', 'a field of its kind that is no secret (again for more)', collect)
    .option('--secret <field>', 'a field that is a secret: asked for (again for more)', collect)
    .option('--secret-file <field=path>', 'a secret that stands in a file (again for more)', collect)
    .option('--secret-stdin', 'read the secrets from standard input')
    .option('--private', 'it may stand in your own network')
    .option('--no-private', 'public addresses alone')
    .option('--tell <events>', `what it is told of, with commas between: ${eventHelp}; all, or none`)
    .option('--skill <slug>', 'of runs: those of this skill alone (again for more)', collect)
    .option('--all-skills', 'of runs: all')
    .option('--content <level>', `how much leaves the machine: ${contentLevelNames.join(', ')}`)
    .option('--links', 'with links by which a call that waits is approved or refused')
    .option('--no-links', 'without')
    .option('--quiet <from-to>', 'hours in which nothing is sent, such as 22:00-07:00')
    .option('--no-quiet', 'at every hour')
    .option('--urgent', 'calls that wait are told of in quiet hours as well')
    .option('--no-urgent', 'they wait, too')
    .option('--digest <time>', 'tell daily at this time what came of the day, such as 07:30')
    .option('--no-digest', 'without');

/** @throws CliProblem naming what is wrong on the command line */
export async function readChannelConfig(
  context: Context,
  kind: ChannelKind,
  options: ChannelOptions,
  { asksRequired }: { asksRequired: boolean },
): Promise<Record<string, string | boolean | null>> {
  const { fields } = kindFacts(kind);
  const open = Object.fromEntries((options.set ?? []).map((pair) => splitPair('--set', pair, 'field=value')));
  const inOpen = Object.keys(open).find((field) => fields[field]?.isSecret === true);
  if (inOpen !== undefined) {
    throw usageProblem(
      `${inOpen} is a secret, and other processes can read a command line`,
      `write --secret ${inOpen} to be asked for it, or use --secret-stdin or --secret-file`,
    );
  }
  const files = options.secretFile ?? [];
  const named = [...(options.secret ?? [])];
  const given = [...named, ...files.map((pair) => pair.split('=')[0] ?? '')];
  const required = Object.entries(fields)
    .filter(([, { isSecret, isOptional, isMadeUp }]) => isSecret && !isOptional && !isMadeUp)
    .map(([field]) => field)
    .filter((field) => !given.includes(field));
  const secrets = await readSecrets(context, {
    names: asksRequired ? [...named, ...required] : named,
    files,
    stdin: options.secretStdin === true,
  });
  const emptied = Object.entries(open).map(([field, value]) => [field, value === '' ? null : value]);
  return {
    ...Object.fromEntries(emptied),
    ...secrets,
    ...(options.private === undefined ? {} : { allowPrivateNetwork: options.private }),
  };
}

/** @throws CliProblem naming what is wrong */
export function readRules(options: ChannelOptions): Partial<ChannelRules> {
  const { tell, skill, allSkills, content, links, quiet, urgent, digest } = options;
  const [from = '', to = ''] = typeof quiet === 'string' ? quiet.split('-') : [];
  const said = {
    ...(tell === undefined ? {} : { events: eventsOf(tell) }),
    ...(skill === undefined ? {} : { skills: skill }),
    ...(allSkills === true ? { skills: null } : {}),
    ...(content === undefined ? {} : { content }),
    ...(links === undefined ? {} : { links }),
    ...(quiet === undefined ? {} : { quiet: quiet === false ? null : { from, to } }),
    ...(urgent === undefined ? {} : { urgent }),
    ...(digest === undefined ? {} : { digestAt: digest === false ? null : digest }),
  };
  const rules = channelRulesSchema.partial().safeParse(said);
  if (rules.success) return rules.data as Partial<ChannelRules>;
  const [wrong] = fieldErrors(rules.error.issues);
  const option = {
    events: '--tell',
    skills: '--skill',
    content: '--content',
    quiet: '--quiet',
    digestAt: '--digest',
  }[wrong?.field.split('/')[1] ?? ''];
  throw usageProblem(
    `${option ?? 'An option'} ${wrong?.message ?? 'is not right'}`,
    'alfred notice add --help',
  );
}

const eventsOf = (tell: string): string[] =>
  tell === 'all' ? [...noticeEventNames] : tell === 'none' ? [] : tell.split(',').map((word) => word.trim());
