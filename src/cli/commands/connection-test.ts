import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { withProgress } from '../live-line.ts';
import { formatDuration, plural } from '../render/figures.ts';
import { clean, oneLine, wrap } from '../render/text.ts';

/** No model is given it: the owner reads it, and puts what is good of it into a step's guidance. */
const saidOfItself = (instructions: string | undefined, width: number): string[] =>
  instructions === undefined
    ? []
    : ['', 'The server says of its use (no model is given this):', wrap(clean(instructions), width, '  ')];

export function addConnectionTest(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'test <name>',
    summary: 'try a connection and say in plain words how it went',
    examples: [['alfred connection test files', 'ends with 1 when the connection does not work']],
    async run(context, [name = '']) {
      const test = await withProgress(context, `trying ${name}`, async () =>
        (await context.api()).testConnection({ params: { name } }),
      );
      present(context, test, () => {
        const { out } = context;
        const width = Math.min(context.columns ?? 100, 100);
        const facts = [
          test.server ? oneLine(`${test.server.name} ${test.server.version}`) : '',
          test.toolCount === undefined ? '' : plural(test.toolCount, 'tool'),
          formatDuration(test.durationMs),
        ].filter((fact) => fact !== '');
        const [first = '', ...rest] = wrap(clean(test.message), width - 2).split('\n');
        return [
          `${test.ok ? out.green('✓') : out.red('✗')} ${first}`,
          ...rest.map((line) => `  ${line}`),
          ...(test.remedy === undefined ? [] : [out.cyan(wrap(`hint: ${clean(test.remedy)}`, width, '  '))]),
          out.dim(`  ${facts.join(' · ')}`),
          ...saidOfItself(test.server?.instructions, width),
        ].join('\n');
      });
      return test.ok ? exitCodes.done : exitCodes.failed;
    },
  });
}
