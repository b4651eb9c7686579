/** How backups stand: the last, the next, where they go, and what is wrong. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { BackupState } from '../../src/contract/backups.ts';
import { backupsQuery } from '../api/queries.ts';
import { cx } from '../ui/cx.ts';
import { size } from '../ui/format.ts';
import { Check, TriangleAlert } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
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
        <p>{t('None is made by itself.')}</p>
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

/** How they stand in a line or two, for the first page. */
export function BackupsPanel() {
  const state = useQuery(backupsQuery).data;
  if (!state) return null;
  const isWell = state.failure === null && !state.isOverdue;
  const Icon = isWell ? Check : TriangleAlert;
  return (
    <Panel
      title={t('Backup')}
      aside={
        <Link to="/settings" hash="backups" className="text-[13px] font-medium text-accent hover:underline">
          {t('Settings')}
        </Link>
      }
    >
      <div className="flex gap-2 text-ink-2">
        {state.last === null && isWell ? null : (
          <Icon
            aria-hidden="true"
            className={cx('mt-1 size-4 shrink-0', isWell ? 'text-good' : 'text-wait')}
          />
        )}
        <div className="min-w-0 space-y-1">
          <p>
            <Last state={state} />
            {state.schedule === null ? <> {t('None is made by itself.')}</> : null}
          </p>
          <Trouble state={state} />
        </div>
      </div>
    </Panel>
  );
}

function Last({ state: { last } }: { state: BackupState }) {
  if (last === null) return t('None was made yet.');
  return <>{rich('The last was made {ago}.', { ago: <Ago at={last.at} /> })}</>;
}

function Trouble({ state: { dueSince, isOverdue, failure } }: { state: BackupState }) {
  return (
    <>
      {isOverdue && dueSince !== null ? (
        <p className="text-wait">
          {rich('One is overdue: it was due {ago}.', { ago: <Ago at={dueSince} /> })}
        </p>
      ) : null}
      {failure === null ? null : (
        <p className="break-words text-bad">{t('The last try: {message}', { message: failure.message })}</p>
      )}
    </>
  );
}
