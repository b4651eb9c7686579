/** How backups stand, on Home: the last, and what is wrong. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { BackupState } from '../../src/contract/backups.ts';
import { backupsQuery } from '../api/queries.ts';
import { cx } from '../ui/cx.ts';
import { Check, TriangleAlert } from '../ui/icons.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';

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
            {state.schedule === null ? <> {t('No backups are planned.')}</> : null}
          </p>
          <Trouble state={state} />
        </div>
      </div>
    </Panel>
  );
}

export function Last({ state: { last } }: { state: BackupState }) {
  if (last === null) return t('No backup has been made yet.');
  return <>{rich('The last was made {ago}.', { ago: <Ago at={last.at} /> })}</>;
}

export function Trouble({ state: { dueSince, isOverdue, failure } }: { state: BackupState }) {
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
