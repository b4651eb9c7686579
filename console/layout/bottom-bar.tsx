/** What stands below every page, on a phone: the places under the thumb, and behind the last button all else. */
import { Link, useRouterState } from '@tanstack/react-router';
import { useId } from 'react';
import { StopAll } from '../home/home-spend.tsx';
import { Ellipsis, Search } from '../ui/icons.tsx';
import { t } from '../words/t.ts';
import { places } from './places.ts';
import { Count, linkClass, SignOut } from './sidebar.tsx';

const thumbClass =
  'relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[10.5px] text-ink-2 data-[status=active]:text-accent';

export function BottomBar({ waiting, onSearch }: { waiting: number; onSearch(): void }) {
  const id = useId();
  return (
    <nav
      aria-label={t('Places')}
      className="fixed inset-x-0 bottom-0 z-10 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {places
        .filter(({ isRare }) => !isRare)
        .map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={thumbClass}>
            <Icon aria-hidden="true" className="size-5" />
            <span className="max-w-full truncate">{name}</span>
            {to === '/' ? <Count of={waiting} className="absolute top-1 left-1/2 ml-1.5" /> : null}
          </Link>
        ))}
      <button type="button" popoverTarget={id} className={thumbClass}>
        <Ellipsis aria-hidden="true" className="size-5" />
        <span>{t('More')}</span>
      </button>
      <More id={id} onSearch={onSearch} />
    </nav>
  );
}

/** The browser's own popover: nothing of it need be loaded, and it closes by itself. */
function More({ id, onSearch }: { id: string; onSearch(): void }) {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what is pressed are the links and buttons in it
    // biome-ignore lint/a11y/useKeyWithClickEvents: they answer to keys by a click
    <div
      // Another page has one that is closed.
      key={path}
      id={id}
      popover=""
      onClick={(event) => event.currentTarget.hidePopover()}
      className="fixed inset-auto right-2 bottom-[calc(4rem+env(safe-area-inset-bottom))] w-60 rounded-xl border border-line bg-raised p-2 text-ink shadow-pop"
    >
      {places
        .filter(({ isRare }) => isRare)
        .map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} className={linkClass}>
            <Icon aria-hidden="true" className="size-4" /> {name}
          </Link>
        ))}
      <button type="button" onClick={onSearch} className={`${linkClass} w-full`}>
        <Search aria-hidden="true" className="size-4" /> {t('Find')}
      </button>
      <StopAll />
      <SignOut />
    </div>
  );
}
