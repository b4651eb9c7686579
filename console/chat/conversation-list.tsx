import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { conversationsQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { Plus } from '../ui/more-icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { SearchInput } from '../ui/search-input.tsx';
import { useSettled } from '../ui/use-settled.ts';
import { t } from '../words/t.ts';
import { ConversationRow } from './conversation-row.tsx';

export function ConversationList({ shown }: { shown: string | undefined }) {
  const [text, setText] = useState('');
  const [archived, setArchived] = useState(false);
  const q = useSettled(text.trim());
  const list = useInfiniteQuery(conversationsQuery({ q, archived }));
  const rows = list.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <div className="space-y-3">
      <div className="flex items-center gap-2">
        <SearchInput label={t('Find a conversation')} placeholder={t('Find')} text={text} onText={setText} />
        <Link
          to="/chat"
          aria-label={t('New conversation')}
          title={t('New conversation')}
          className={cx(buttonClass('plain', 'icon'), shown === undefined && 'max-lg:hidden')}
        >
          <Plus aria-hidden="true" className="size-4" />
        </Link>
      </div>
      {list.error ? <ProblemNote error={list.error} /> : null}
      {list.isPending ? <SkeletonRows rows={4} className="h-9" /> : null}
      <ul className="space-y-0.5">
        {rows.map((row) => (
          <ConversationRow key={row.id} conversation={row} isShown={row.id === shown} />
        ))}
      </ul>
      {list.data && rows.length === 0 ? (
        <p className="px-2 text-[13px] text-ink-2">{noneWords(q, archived)}</p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {list.hasNextPage ? (
          <Button
            size="sm"
            look="quiet"
            busy={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('Earlier ones')}
          </Button>
        ) : null}
        <Button size="sm" look="quiet" aria-pressed={archived} onClick={() => setArchived(!archived)}>
          {archived ? t('Back from the archive') : t('Archive')}
        </Button>
      </div>
    </div>
  );
}

const noneWords = (q: string, archived: boolean): string =>
  q !== '' ? t('None has these words.') : archived ? t('Nothing is archived.') : t('Nothing was said yet.');
