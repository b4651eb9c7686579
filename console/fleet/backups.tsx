/** How the backups of Core stand. They are made and restored on its machine. */
import { useQuery } from '@tanstack/react-query';
import type { BackupState } from '../../src/contract/backups.ts';
import { dayTime, size } from '../ui/format.ts';
import { Check, TriangleAlert } from '../ui/icons.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { backupsQuery } from './queries.ts';

export function Backups() {
  const backups = useQuery(backupsQuery);
  return (
    <Panel title="Backups">
      {backups.error ? <ProblemNote error={backups.error} /> : null}
      {backups.isPending ? <SkeletonRows rows={1} /> : null}
      {backups.data ? <State state={backups.data} /> : null}
    </Panel>
  );
}

function State({
  state: { schedule, last, nextAt, dueSince, isOverdue, failure, to },
}: {
  state: BackupState;
}) {
  const isGood = !isOverdue && failure === null && (last !== null || schedule !== null);
  const StateIcon = isGood ? Check : TriangleAlert;
  return (
    <div className="flex items-start gap-2">
      <StateIcon
        aria-hidden="true"
        className={`mt-0.5 size-4 shrink-0 ${isGood ? 'text-good' : 'text-wait'}`}
      />
      <div className="min-w-0 space-y-0.5">
        <p className="font-medium">
          {last === null ? (
            'No backup has been made yet'
          ) : (
            <>
              The last was made <Ago at={last.at} />
              {last.bytes === null ? '' : `, ${size(last.bytes)}`}
            </>
          )}
        </p>
        {isOverdue && dueSince !== null ? (
          <p className="text-wait">
            One is overdue since <Ago at={dueSince} />.
          </p>
        ) : null}
        {failure ? <p className="break-words text-wait">The last try failed: {failure.message}</p> : null}
        <p className="text-[13px] text-ink-2">
          {schedule === null ? (
            <>
              No backup is scheduled: start Core with <code>CORE_BACKUP_SCHEDULE</code> and{' '}
              <code>CORE_BACKUP_RECIPIENTS</code>.
            </>
          ) : (
            `${schedule}, to ${to ?? 'backups/ of its home'}${nextAt === null ? '' : `; next ${dayTime(nextAt)}`}.`
          )}
        </p>
      </div>
    </div>
  );
}
