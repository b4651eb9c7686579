import type { BackupState } from '../../contract/backups.ts';
import type { Colors } from '../context.ts';
import { formatBytes, formatTime } from './figures.ts';

/** How backups stand, in a line. */
export function describeBackups(state: BackupState, out: Colors, now: Date): string {
  const { schedule, last, dueSince, isOverdue, failure, nextAt } = state;
  const size = last?.bytes === null || last === null ? '' : out.dim(` (${formatBytes(last.bytes)})`);
  const made = last === null ? 'none yet' : `${formatTime(last.at, now)}${size}`;
  if (schedule === null) return `${made}; ${out.dim('none is scheduled: alfred backup create')}`;
  if (failure !== null) return `${made}; ${out.red(`the last try failed: ${failure.message}`)}`;
  if (dueSince !== null) {
    const due = `${isOverdue ? 'overdue' : 'due'} since ${formatTime(dueSince, now)}`;
    return `${made}; ${isOverdue ? out.red(due) : out.yellow(due)}`;
  }
  return `${made}; ${out.dim(`the next ${nextAt === null ? 'never' : formatTime(nextAt, now)}`)}`;
}
