/** A provider's fleet, and one VM of it, as a terminal shows them. */
import type { Fleet, FleetEntry, VmHistory } from '../../contract/fleet.ts';
import { refusalWords } from '../../contract/refusal-words.ts';
import { adviceOn } from '../../contract/vm-advice.ts';
import type { Context } from '../context.ts';
import { formatCount, formatDuration, formatTime, plural } from './figures.ts';
import { renderFields, renderTable } from './table.ts';

/** What somebody may have to look into, beside how it stands. */
const asidesOf = (vm: FleetEntry): string[] => [
  ...(vm.refusedAt === null ? [] : [refusalWords(vm.refusedBecause)]),
  ...(vm.clockOffAt === null ? [] : ['its clock is off']),
  ...(vm.missingReports === 0 ? [] : [`${plural(vm.missingReports, 'report')} missing`]),
];

export function renderFleet(
  { out, columns, now }: Context,
  { items, total, totals, counts }: Fleet,
  state?: string,
): string {
  if (items.length === 0) {
    const isFirst = Object.values(counts).every((count) => count === 0);
    if (isFirst) return 'no VMs yet: alfred core enrolment create';
    return state === 'attention'
      ? `${out.green('✓')} no VM needs anybody`
      : 'no VM is like that: alfred core vm list';
  }
  const table = renderTable(
    [
      { header: 'VM', min: 10, paint: out.bold },
      { header: 'ID' },
      { header: 'CUSTOMER', min: 8 },
      { header: 'STATE', min: 9 },
      { header: 'LAST REPORT', dropOrder: 2 },
      { header: 'EXECUTIONS', align: 'right', dropOrder: 1 },
      { header: 'DURATION', align: 'right', dropOrder: 3 },
      { header: 'TOKENS', align: 'right' },
    ],
    items.map((vm) => [
      vm.label,
      vm.vmId.slice(-8),
      [vm.owner ?? '', vm.customerNumber].filter((word) => word !== '').join(' · '),
      [vm.state, ...asidesOf(vm)].join(', '),
      vm.lastReportAt === null ? '' : formatTime(vm.lastReportAt, now()),
      formatCount(vm.executions),
      formatDuration(vm.durationMs),
      formatCount(vm.tokens),
    ]),
    columns,
    out.dim,
  );
  const shown =
    items.length < total
      ? `the first ${formatCount(items.length)} of ${plural(total, 'VM')}`
      : plural(total, 'VM');
  const sums = `${plural(totals.executions, 'execution')}, ${formatDuration(totals.durationMs)}, ${plural(totals.tokens, 'token')} in all${counts.retired > 0 && (state === undefined || state === 'all') ? `, with ${formatCount(counts.retired)} retired` : ''}`;
  return `${table}\n${out.dim(`${shown}; ${sums}`)}`;
}

const barWidth = 24;

export function renderVm({ out, now }: Context, vm: FleetEntry, history: VmHistory['items']): string {
  const at = (time: string | null) => (time === null ? 'never' : formatTime(time, now()));
  const most = Math.max(1, ...history.map(({ tokens }) => tokens));
  const isMonths = history.every(({ start }) => start.endsWith('-01'));
  const rows = history.map(({ start, executions, durationMs, tokens }) => [
    isMonths ? start.slice(0, 7) : start,
    formatCount(executions),
    formatDuration(durationMs),
    formatCount(tokens),
    '█'.repeat(Math.ceil((tokens / most) * barWidth)),
  ]);
  return [
    renderFields(
      [
        ['vm', out.bold(vm.label === '' ? 'unnamed' : vm.label)],
        ['id', vm.vmId],
        ['customer', [vm.owner ?? 'nobody', vm.customerNumber].filter((word) => word !== '').join(' · ')],
        ['state', [vm.state, ...asidesOf(vm)].join(', ')],
        ['enrolled', at(vm.createdAt)],
        ['last report', at(vm.lastReportAt)],
      ],
      out.dim,
    ),
    ...adviceOn(vm).map((words) => out.yellow(`! ${words}`)),
    '',
    renderTable(
      [
        { header: isMonths ? 'MONTH (UTC)' : 'DAY (UTC)' },
        { header: 'EXECUTIONS', align: 'right' },
        { header: 'DURATION', align: 'right' },
        { header: 'TOKENS', align: 'right' },
        { header: '', paint: out.cyan },
      ],
      rows,
      undefined,
      out.dim,
    ),
  ].join('\n');
}
