/** The link to Core, for a person. */
import type { CoreLink } from '../../contract/core.ts';
import type { Colors } from '../context.ts';
import { formatDuration, formatTime, plural } from './figures.ts';
import { renderFields } from './table.ts';

export function renderLink(link: CoreLink, out: Colors, now: Date): string {
  if (!link.linked) return 'linked to no Core; this VM reports to nobody';
  const { reported, waiting } = link;
  return renderFields(
    [
      ['core', out.green(link.url ?? '')],
      ['this VM', link.vmId ?? ''],
      ['since', link.linkedAt === null ? '' : formatTime(link.linkedAt, now)],
      ['key', `${link.keyFingerprint} ${out.dim('(pinned)')}`],
      [
        'told',
        `${plural(reported.executions, 'execution')}, ${formatDuration(reported.durationMs)}, ${reported.tokens} tokens`,
      ],
      [
        'waiting',
        `${plural(waiting.executions, 'execution')}${waiting.reports > 0 ? ` in ${plural(waiting.reports, 'report')}` : ''}`,
      ],
      ['last', link.lastAcknowledgedAt === null ? 'never' : formatTime(link.lastAcknowledgedAt, now)],
      ...(link.copiedAt === null
        ? []
        : [
            [
              'stopped',
              out.yellow('Core has other reports of this VM: a copy of it reports, or it was set back'),
            ] as [string, string],
          ]),
      ...(link.lastError === null ? [] : [['problem', out.yellow(link.lastError)] as [string, string]]),
      ['every', `${link.reportMinutes} min`],
      ['it may', link.tokenScopes.join(', ') || 'nothing'],
    ],
    out.dim,
  );
}
