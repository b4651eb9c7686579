/** What the rehearsal model says of a step. It never pretends to have understood anything. */

import type { PastCall } from '../../json-schema/facts.ts';
import type { RehearsalTool } from './context.ts';

export type Uncalled = { tool: RehearsalTool; why: string; wouldSend: unknown };

const longestArguments = 200;
const longestLine = 160;

const heading =
  'This is a rehearsal. Alfred’s built-in rehearsal model answered, which is a program and not an AI model: it called the ' +
  'read-only tools of this step once each, with arguments made from their schemas and the run’s input, and understood ' +
  'nothing of the task. It bought no tokens and cost nothing.';

/** The whole report of one step. */
export function reportOf(calls: readonly PastCall[], uncalled: readonly Uncalled[]): string {
  const failed = calls.filter(({ result }) => result?.isError).length;
  const called =
    calls.length === 0
      ? []
      : [
          `Called ${count(calls.length, 'tool')}${failed === 0 ? '' : `; ${failed} of them answered with an error`}:`,
          ...calls.map((call) => `- ${call.name} with ${json(call.input)}: ${describe(call)}`),
        ];
  const left =
    uncalled.length === 0
      ? []
      : [
          `Did not call ${count(uncalled.length, 'tool')}:`,
          ...uncalled.map(({ tool, why, wouldSend }) =>
            wouldSend === undefined
              ? `- ${tool.name}: ${why}`
              : `- would call ${tool.name} with ${json(wouldSend)}: ${why}`,
          ),
        ];
  const nothing = calls.length + uncalled.length === 0 ? ['This step has no tools to try.'] : [];
  return [heading, called.join('\n'), left.join('\n'), ...nothing].filter((part) => part !== '').join('\n\n');
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

const cut = (text: string, length: number) => (text.length <= length ? text : `${text.slice(0, length)}…`);

const json = (value: unknown) => cut(JSON.stringify(value), longestArguments);

/** How a call went, by its size and first line. */
function describe({ result }: PastCall): string {
  if (!result) return 'no result came back';
  const lines = result.text.split('\n').filter((line) => line.trim() !== '');
  const line = lines[0]?.trim() ?? '';
  // The first line of a document is often a bracket alone.
  const first = cut(line.length > 3 ? line : result.text.replaceAll(/\s+/g, ' ').trim(), longestLine);
  // The first line of an error is often a heading alone: as much as there is room for.
  const whole = cut(result.text.replaceAll(/\s+/g, ' ').trim(), longestLine);
  if (result.isError) return `error: ${whole === '' ? 'without a word' : whole}`;
  const parts = [
    ...(lines.length === 0
      ? []
      : [`${count(lines.length, 'line')}, ${count(result.text.length, 'character')}`]),
    ...result.other,
  ];
  if (parts.length === 0) return 'an empty result';
  return `${parts.join(', ')}${first === '' ? '' : `, beginning “${first}”`}`;
}
