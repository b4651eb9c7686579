/** How backups stand, in the settings: the last, the next, where they go, and what is wrong. */
import { useQuery } from '@tanstack/react-query';
import { backupsQuery } from '../api/queries.ts';
import { Last, Trouble } from '../home/backups-panel.tsx';
import { size } from '../ui/format.ts';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';

/** How backups stand in full, below their settings. */
export function BackupsStand() {
  const state = useQuery(backupsQuery).data;
  if (!state) return null;
  const { schedule, nextAt, to, keep } = state;
  return (
    <div className="space-y-1 text-[13px] text-ink-2">
      <p>
        <Last state={state} />
        {state.last?.file ? (
          <>
            {' '}
            {rich('It is {file}{size, select, none {} other {, {size}}}.', {
              file: <span className="break-all font-mono text-[12px]">{state.last.file}</span>,
              size: state.last.bytes === null ? 'none' : size(state.last.bytes),
            })}
          </>
        ) : null}
      </p>
      {schedule === null || nextAt === null ? (
        <p>{t('No backups are planned.')}</p>
      ) : (
        <p>
          {rich(
            'The next comes {ago}, to {to}. The newest {count} are kept{days, plural, =0 {} one {, and none older than # day} other {, and none older than # days}}.',
            {
              ago: <Ago at={nextAt} />,
              to: <span className="break-all">{to ?? t('backups/ of the home')}</span>,
              count: keep.count,
              days: keep.days ?? 0,
            },
          )}
        </p>
      )}
      <Trouble state={state} />
    </div>
  );
}
