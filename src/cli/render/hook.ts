/** A webhook for a person. */
import type { Hook, HookTest } from '../../contract/webhooks.ts';
import type { Colors } from '../context.ts';
import { formatCount } from './figures.ts';
import { renderFields } from './table.ts';
import { oneLine, pad, wrap } from './text.ts';

const wordsOf = ({ auth, words }: Hook): string =>
  auth === 'none' ? 'unsigned: whoever knows the address can start it' : words;

/** Where a hook is and how its senders prove themselves, as one field of a skill's page. */
export const describeHook = (hook: Hook): string =>
  `${hook.methods.join(', ')} ${oneLine(hook.url)} (${wordsOf(hook)})`;

export function renderHook(hook: Hook, colors: Colors): string {
  const secret = hook.hasSecret ? 'sealed' : colors.red(missingSecret(hook));
  return renderFields(
    [
      ['hook', colors.bold(`${hook.methods.join(', ')} ${oneLine(hook.url)}`)],
      ['state', hook.isActive ? 'active' : 'draft: it answers nobody'],
      ['sender', hook.auth === 'none' ? colors.yellow(wordsOf(hook)) : wordsOf(hook)],
      ['secret', hook.auth === 'none' ? undefined : secret],
      ['answer', hook.response === 'result' ? 'the result of the run' : 'at once, with the execution’s id'],
      ['same by', hook.dedupeBy === null ? undefined : oneLine(hook.dedupeBy)],
      ['limit', `${formatCount(hook.perMinute)} a minute`],
      ...hook.steps.map((step, index): [string, string] => [
        index === 0 ? 'there' : '',
        `${index + 1}. ${step}`,
      ]),
      ['know', hook.know ?? undefined],
    ],
    colors.dim,
  );
}

const missingSecret = ({ sender, secretFrom, secretName, slug }: Hook): string =>
  secretFrom === 'sender'
    ? `none yet: give it ${sender}’s ${secretName}, npx alfred skill hook ${slug} --secret-stdin`
    : 'none yet';

export function renderHookTest({ checks }: HookTest, colors: Colors, columns: number | undefined): string {
  const width = Math.min(columns ?? 100, 100);
  const labels = Math.max(...checks.map(({ check }) => check.length));
  const indent = ' '.repeat(labels + 4);
  return checks
    .map(({ check, ok, message }) => {
      const mark = ok ? colors.green('✓') : colors.red('✗');
      return `${mark} ${colors.bold(pad(check, labels))}  ${wrap(oneLine(message), width, indent).trimStart()}`;
    })
    .join('\n');
}
