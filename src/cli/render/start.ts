/** What `alfred start` says once it is ready. */
import type { Colors } from '../context.ts';
import { formatDuration } from './figures.ts';
import { renderFields } from './table.ts';

export type ShownModel = { name: string; isRehearsal: boolean; hasApiKey: boolean };

export type Ready = {
  url: string;
  signInUrl: string;
  home: string;
  model: ShownModel;
  tookMs: number;
  /** What to type to see a skill at work, when there is one to see. */
  tryOut: string | undefined;
};

/** How the model is told to a person; a rehearsal is never passed off as more than it is. */
export function describeModel({ name, isRehearsal, hasApiKey }: ShownModel, colors: Colors): string {
  if (!isRehearsal) return name;
  return [
    `${colors.yellow('rehearsal')}, built in, ${hasApiKey ? 'as it was chosen' : 'as no key is set'}`,
    colors.dim('calls read-only tools, understands nothing'),
    ...(hasApiKey ? [] : [colors.cyan('npx alfred config set anthropic_api_key')]),
  ].join('\n');
}

/** The link stands on a line of its own, so that it is whole in a terminal of 80 columns. */
export function renderReady(ready: Ready, colors: Colors): string {
  const fields = renderFields(
    [
      ['address', ready.url],
      ['model', describeModel(ready.model, colors)],
      ['home', ready.home],
      ['try', ready.tryOut === undefined ? undefined : colors.cyan(ready.tryOut)],
    ],
    colors.dim,
  );
  return [
    `${colors.green('✓')} ${colors.bold('Alfred is ready')} ${colors.dim(`after ${formatDuration(ready.tookMs)}`)}`,
    '',
    '  open this link, it signs you in once:',
    `  ${colors.cyan(ready.signInUrl)}`,
    '',
    ...fields.split('\n').map((line) => `  ${line}`),
    '',
  ].join('\n');
}
