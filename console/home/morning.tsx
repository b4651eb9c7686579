/** What Alfred found out lately, to be read like a letter: the latest of each skill, with what is new first. */
import { Link } from '@tanstack/react-router';
import type { ListedExecution } from '../../src/contract/executions.ts';
import { lettersIn } from '../../src/contract/home.ts';
import { useRead } from '../api/use-read.ts';
import type { SkillNames } from '../executions/execution-row.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { dateOf } from '../ui/dates.ts';
import { Empty, Panel, SkeletonRows } from '../ui/panel.tsx';
import { t } from '../words/t.ts';
import { Articles } from './articles.tsx';

export function Morning({ rows, names }: { rows: ListedExecution[] | undefined; names: SkillNames }) {
  const read = useRead({ isSaid: true });
  const letters = lettersIn(rows ?? []);
  const unread = (rows ?? []).filter((row) => row.unread).map(({ id }) => id);
  return (
    <Panel
      title={new Date().getHours() < 12 ? t('This morning') : t('Today')}
      flush
      aside={
        <span className="flex items-center gap-3">
          {unread.length === 0 ? null : (
            <Button look="quiet" size="sm" onClick={() => read.mutate(unread)}>
              {t('Mark all as read')}
            </Button>
          )}
          <Link
            to="/days/$date"
            params={{ date: dateOf(Date.now(), -1) }}
            className="text-[13px] font-medium text-accent hover:underline"
          >
            {t('Yesterday')}
          </Link>
        </span>
      }
    >
      {rows === undefined ? <SkeletonRows rows={3} className="h-20" /> : null}
      {rows !== undefined && letters.length === 0 ? (
        <Empty
          title={t('No news yet')}
          action={
            <Link to="/skills" className={buttonClass('primary')}>
              {t('Run a skill')}
            </Link>
          }
        >
          {t('What your skills find out is told here. Give one a schedule, and there is news every morning.')}
        </Empty>
      ) : null}
      <Articles letters={letters} names={names} onRead={(id) => read.mutate([id])} />
    </Panel>
  );
}
