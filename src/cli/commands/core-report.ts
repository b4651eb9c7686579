import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { plural } from '../render/figures.ts';

export function addCoreReport(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'report',
    summary: 'report to Core now',
    examples: [['alfred core report', 'ends with 1 when something could not be told']],
    async run(context) {
      const report = await (await context.api()).reportToCore();
      const { out } = context;
      present(context, report, ({ sent, waiting, lastError }) =>
        waiting > 0
          ? `${out.yellow('!')} ${plural(waiting, 'report')} waiting: ${lastError ?? 'not sent yet'}`
          : sent === 0
            ? 'nothing to report'
            : `${out.green('✓')} ${plural(sent, 'report')} acknowledged`,
      );
      return report.waiting > 0 ? exitCodes.failed : undefined;
    },
  });
}
