/** `alfred core alert …`: what somebody must see to at Core, and whether it is told. */
import type { Command } from 'commander';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatTime, plural } from '../render/figures.ts';
import { renderTable } from '../render/table.ts';

export function addCoreAlert(noun: Command, dispatch: Dispatch): void {
  const alert = noun
    .command('alert')
    .description('VMs that somebody must see to, and where that is told: for providers')
    .helpCommand(false);
  addList(alert, dispatch);
  addTest(alert, dispatch);
}

function addList(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'list',
    summary: 'VMs that are silent, refused, report twice or never began',
    examples: [['alfred core alert list', 'and how the ways stand by which it is told']],
    async run(context) {
      const core = await context.core();
      const alerts = await core.readAlerts();
      const { out, columns } = context;
      present(context, alerts, ({ items, channels }) =>
        [
          items.length === 0
            ? `${out.green('✓')} nothing to see to`
            : `${renderTable(
                [
                  { header: 'VM', min: 12, paint: out.bold },
                  { header: 'WHOSE' },
                  { header: 'WHAT', paint: out.yellow },
                  { header: 'NOTICED' },
                  { header: 'LAST REPORT' },
                ],
                items.map(({ vmId, label, owner, kind, beganAt, lastReportAt }) => [
                  label || vmId,
                  owner ?? '',
                  kind,
                  formatTime(beganAt, context.now()),
                  lastReportAt === null ? 'never' : formatTime(lastReportAt, context.now()),
                ]),
                columns,
                out.dim,
              )}\n${out.dim('what helps: alfred core vm show VM')}`,
          ...channels.map(({ channel, to, waiting, lastError }) =>
            out.dim(
              `told by ${channel} to ${to}${waiting === 0 ? '' : `, ${plural(waiting, 'message')} waiting`}${lastError === null ? '' : `: ${lastError}`}`,
            ),
          ),
          ...(channels.length === 0 ? [out.dim('told to nobody: neither a webhook nor mail is set')] : []),
        ].join('\n'),
      );
      return undefined;
    },
  });
}

function addTest(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'test',
    summary: 'send a test by every way that alerts are told',
    examples: [['alfred core alert test', 'ends with 1 when one was not taken']],
    async run(context) {
      const core = await context.core();
      const tested = await core.testAlerts();
      const { out } = context;
      present(context, tested, ({ items }) =>
        items
          .map(({ channel, to, ok, error }) =>
            ok ? `${out.green('✓')} ${channel}: ${to} took it` : `${out.red('✗')} ${channel}: ${error}`,
          )
          .join('\n'),
      );
      return tested.items.every(({ ok }) => ok) ? exitCodes.done : exitCodes.failed;
    },
  });
}
