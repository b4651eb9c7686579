/** What skills found out, each as an article: with what came of it, how it went, and its marks. */
import { Link } from '@tanstack/react-router';
import type { ListedExecution } from '../../src/contract/executions.ts';
import type { Letter } from '../../src/contract/home.ts';
import type { SkillNames } from '../executions/execution-row.tsx';
import { Marks } from '../executions/marks.tsx';
import { exactTime } from '../ui/format.ts';
import { CircleAlert } from '../ui/icons.tsx';
import { onDemand } from '../ui/on-demand.tsx';
import { Skeleton } from '../ui/panel.tsx';
import { modeWord, UnreadDot } from '../ui/status.tsx';
import { Ago } from '../ui/time.tsx';
import { t } from '../words/t.ts';
import { RaiseMetCap } from './caps-later.ts';

// What draws Markdown is most of what Home would have to load.
export const Prose = onDemand<{ text: string; headline: string | null }>(
  async () => (await import('../ui/prose.tsx')).Prose,
  ({ headline }) => <p className="line-clamp-2">{headline ?? <Skeleton className="h-10" />}</p>,
);

export const Articles = ({
  letters,
  names,
  Time = Ago,
  onRead,
}: {
  letters: readonly Letter[];
  names: SkillNames;
  /** How it is said when each was. */
  Time?: typeof Ago;
  onRead(id: string): void;
}) => (
  <div className="divide-y divide-line">
    {letters.map((letter) => (
      <Article
        key={letter.row.id}
        {...letter}
        name={names.get(letter.row.skillSlug) ?? letter.row.skillSlug}
        Time={Time}
        onRead={() => onRead(letter.row.id)}
      />
    ))}
  </div>
);

function Article({
  row,
  earlier,
  name,
  Time,
  onRead,
}: Letter & { name: string; Time: typeof Ago; onRead(): void }) {
  return (
    <article className="px-4 py-4">
      <header className="mb-1.5 flex items-baseline gap-2">
        {row.unread ? <UnreadDot /> : null}
        <h3 className="min-w-0 truncate font-semibold">
          <Link to="/executions/$id" params={{ id: row.id }} className="hover:underline">
            {name}
          </Link>
        </h3>
        {row.mode === 'live' ? null : <span className="text-[13px] text-ink-3">{modeWord(row.mode)}</span>}
        <Time at={row.completedAt ?? row.createdAt} className="ml-auto text-[13px] text-ink-2" />
      </header>
      <Body row={row} />
      <footer className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 text-[13px] text-ink-2">
        <Link
          to="/executions/$id"
          params={{ id: row.id }}
          title={exactTime(row.createdAt)}
          className="font-medium text-accent hover:underline"
        >
          {row.status === 'failed' ? t('See why') : t('How it went')}
        </Link>
        {/* Draws nothing where no cap was met. */}
        {row.error === null ? null : <RaiseMetCap run={row} />}
        {/* So many are among the latest of all; there may be more of them. */}
        {earlier === 0 ? null : (
          <Link to="/executions" search={{ skill: row.skillSlug }} className="hover:underline">
            {t('Earlier runs')}
          </Link>
        )}
        {row.unread ? (
          <button type="button" onClick={onRead} className="hover:underline">
            {t('Mark as read')}
          </button>
        ) : null}
        <span className="-ml-2 sm:ml-auto">
          <Marks id={row.id} mark={row.mark} />
        </span>
      </footer>
    </article>
  );
}

function Body({ row: { error, excerpt, headline } }: { row: ListedExecution }) {
  if (error !== null) {
    return (
      <p className="flex gap-2 text-bad">
        <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
        <span className="line-clamp-3 min-w-0 break-words">{error}</span>
      </p>
    );
  }
  if (excerpt === null) return <p className="text-ink-2">{t('It ended without a word.')}</p>;
  return (
    // A long one fades out: its own page has the rest.
    <div className="max-h-72 max-w-prose overflow-hidden [mask-image:linear-gradient(black_15rem,transparent_20rem)]">
      <Prose text={excerpt} headline={headline} />
    </div>
  );
}
