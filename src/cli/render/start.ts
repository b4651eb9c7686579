/** What `alfred start` says once it is ready. */
import type { Colors } from '../context.ts';
import { formatDuration } from './figures.ts';
import { renderFields } from './table.ts';

export type Ready = {
  url: string;
  signInUrl: string;
  home: string;
  model: { name: string; isRehearsal: boolean };
  tookMs: number;
  /** What to type to see a skill at work, when there is one to see. */
  tryOut: string | undefined;
};

/** How the model is told to a person; a rehearsal is never passed off as more than it is. */
export function describeModel({ name, isRehearsal }: Ready['model'], colors: Colors): string {
  if (!isRehearsal) return name;
  return [
    `${colors.yellow('rehearsal')}, built in: it calls the read-only tools and thinks nothing`,
    `for a real one: ${colors.cyan('npx alfred config set anthropic_api_key')}`,
  ].join('\n');
}

export function renderReady(ready: Ready, colors: Colors): string {
  const fields = renderFields(
    [
      [
        'open',
        `${colors.cyan(colors.underline(ready.signInUrl))}\n${colors.dim('signs you in, works once')}`,
      ],
      ['address', ready.url],
      ['model', describeModel(ready.model, colors)],
      ['home', ready.home],
      ['try', ready.tryOut === undefined ? undefined : colors.cyan(ready.tryOut)],
    ],
    colors.dim,
  )
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return [
    `${colors.green('✓')} ${colors.bold('Alfred is ready')} ${colors.dim(`after ${formatDuration(ready.tookMs)}`)}`,
    '',
    fields,
    '',
  ].join('\n');
}
