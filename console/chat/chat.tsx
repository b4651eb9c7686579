/** Conversations: their list beside the one that is shown, or a new one. */
import { Outlet, useParams } from '@tanstack/react-router';
import { cx } from '../ui/cx.ts';
import { t } from '../words/t.ts';
import { ConversationList } from './conversation-list.tsx';

export function ChatLayout() {
  const { id } = useParams({ strict: false });
  return (
    <div
      data-fills
      className="flex grow flex-col-reverse justify-end gap-x-8 lg:grid lg:grid-cols-[16rem_minmax(0,1fr)]"
    >
      <aside
        aria-label={t('Conversations')}
        className={cx(
          // On a phone they stand below a new one, and beside none.
          id === undefined ? 'mb-4' : 'hidden lg:block',
          'lg:sticky lg:top-8 lg:mb-0 lg:max-h-[calc(100dvh-4rem)] lg:self-start lg:overflow-y-auto',
        )}
      >
        <ConversationList shown={id} />
      </aside>
      <Outlet />
    </div>
  );
}
