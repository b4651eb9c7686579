/** How a VM stands, for a person. */
import type { BackupState } from '../../contract/backups.ts';
import type { Budget, Stopped } from '../../contract/budget.ts';
import type { Channel } from '../../contract/channels.ts';
import type { ExecutionSummary } from '../../contract/executions.ts';
import type { Model } from '../../contract/model.ts';
import type { Colors } from '../context.ts';
import { describeBackups } from './backups.ts';
import { describeSpend } from './budget.ts';
import { describeChannels } from './channels.ts';
import { paintStatus } from './execution.ts';
import { formatDuration, formatTime, plural } from './figures.ts';
import { describeModel } from './start.ts';
import { renderFields } from './table.ts';

/** As `alfred status --json` gives it. */
export type VmStatus = {
  running: true;
  url: string;
  pid: number | undefined;
  startedAt: string | undefined;
  home: string;
  model: Model;
  /** How many there are in each state. */
  connections: Record<string, number>;
  skills: number;
  latestExecution: ExecutionSummary | null;
  spent: Pick<Budget, 'day' | 'month'>;
  stopped: Stopped | null;
  backups: BackupState;
  channels: Channel[];
};

export function renderStatus(status: VmStatus, out: Colors, now: Date): string {
  const { model, spent, stopped, latestExecution: latest, startedAt } = status;
  const since =
    startedAt &&
    `${formatTime(startedAt, now)} ${out.dim(`(${formatDuration(now.getTime() - Date.parse(startedAt))})`)}`;
  const named = { name: model.model, isRehearsal: model.rehearsal, hasApiKey: model.hasApiKey };
  const halt =
    stopped &&
    out.red(
      `since ${formatTime(stopped.since, now)} by ${stopped.by}: no trigger starts a run; alfred go-on`,
    );
  const connections = Object.entries(status.connections).map(([state, count]) => `${count} ${state}`);
  const run =
    latest && `${latest.skillSlug}, ${paintStatus(latest.status, out)} ${formatTime(latest.createdAt, now)}`;
  return renderFields(
    [
      ['running', `${out.green(status.url)}${out.dim(`, process ${status.pid}`)}`],
      ['since', since],
      ['home', status.home],
      ['model', [describeModel(named, out), ...describeTrouble(model, out, now)].join('\n')],
      ['spent', `today ${describeSpend(spent.day, out)}, this month ${describeSpend(spent.month, out)}`],
      ['stopped', halt ?? undefined],
      ['connections', connections.join(', ') || 'none yet'],
      ['backup', describeBackups(status.backups, out, now)],
      ['notices', describeChannels(status.channels, out, now)],
      ['skills', plural(status.skills, 'skill')],
      ['last run', run ?? 'none yet'],
    ],
    out.dim,
  );
}

const describeTrouble = ({ trouble }: Model, out: Colors, now: Date): string[] =>
  trouble
    ? [
        out.red(`has not answered since ${formatTime(trouble.since, now)}`),
        `${trouble.message} ${trouble.remedy}`,
      ]
    : [];
