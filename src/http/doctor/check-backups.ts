import { readBackupState } from '../../backup/backup-state.ts';
import type { Finding } from '../../contract/doctor.ts';
import type { Database } from '../../database/client.ts';
import { millisNow } from '../../kernel/clock.ts';
import { span } from './words.ts';

/** In seconds. */
const longOverdue = 3 * 24 * 3600;

/** Whether backups are made when they should be. */
export async function checkBackups(id: string, db: Pick<Database, 'pool' | 'prisma'>): Promise<Finding> {
  const { schedule, last, dueSince, isOverdue, failure } = await readBackupState(db);
  const secondsSince = (time: string) => (millisNow() - Date.parse(time)) / 1000;
  const lastOne =
    last === null
      ? 'no backup has been made yet'
      : `the last backup was made ${span(secondsSince(last.at))} ago`;
  if (schedule === null) {
    const message = `${lastOne}; none is scheduled (set backup_schedule and backup_recipients)`;
    return { id, state: 'good', message };
  }
  const late = dueSince === null ? 0 : secondsSince(dueSince);
  if (failure === null && !isOverdue) return { id, state: 'good', message: `${schedule}; ${lastOne}` };
  const message = `${isOverdue ? `overdue for ${span(late)}` : 'the last try failed'}; ${lastOne}`;
  return {
    id,
    state: late >= longOverdue ? 'bad' : 'warn',
    message: failure === null ? message : `${message}: ${failure.message}`,
    remedy: 'put right what is in its way, or make one by hand: npx alfred backup create',
  };
}
