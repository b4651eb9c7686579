/** What stands beside every page, where there is room: the places to go, and what can be done from everywhere. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api } from '../api/api.ts';
import { sessionQuery } from '../api/queries.ts';
import { dropDrafts } from '../chat/draft.ts';
import { StopAll } from '../home/home-spend.tsx';
import { cx } from '../ui/cx.ts';
import { LogOut, Search } from '../ui/icons.tsx';
import { Logo } from '../ui/logo.tsx';
import { t } from '../words/t.ts';
import { places } from './places.ts';
import { forgetSignedIn } from './signed-in-here.ts';

export const linkClass =
  'flex h-9 items-center gap-3 rounded-md px-3 text-ink-2 hover:bg-hover hover:text-ink data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-ink';

export function Sidebar({ waiting, onSearch }: { waiting: number; onSearch(): void }) {
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line bg-sunken/60 p-3 md:flex">
      <Link to="/" className="flex items-center gap-2.5 px-2 pt-2 text-[15px] font-semibold">
        <Logo className="size-6" /> {t('Alfred')}
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-9 items-center gap-2 rounded-md border border-line bg-surface px-3 text-ink-2 hover:border-line-strong"
      >
        <Search aria-hidden="true" className="size-4" /> {t('Find')}
        {/* In the letters of the rest: two files of letters would come before the page. */}
        <kbd className="ml-auto font-sans text-xs text-ink-3">{t('Ctrl K')}</kbd>
      </button>
      <nav aria-label={t('Places')} className="space-y-0.5">
        {places.map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/' }} className={linkClass}>
            <Icon aria-hidden="true" className="size-4" /> {name}
            {to === '/' ? <Count of={waiting} className="ml-auto" /> : null}
          </Link>
        ))}
      </nav>
      <div className="mt-auto space-y-0.5">
        <StopAll />
        <SignOut />
      </div>
    </aside>
  );
}

export function SignOut() {
  const session = useQuery(sessionQuery);
  if (session.data?.kind !== 'session') return null;
  return (
    <button
      type="button"
      className={cx(linkClass, 'w-full')}
      onClick={async () => {
        await api.signOut();
        dropDrafts();
        forgetSignedIn();
        location.assign('/');
      }}
    >
      <LogOut aria-hidden="true" className="size-4" /> {t('Sign out')}
    </button>
  );
}

/** How much waits for the owner; nothing where nothing does. */
export const Count = ({ of, className }: { of: number; className: string }) =>
  of === 0 ? null : (
    <span
      className={cx(
        'flex h-4.5 min-w-4.5 items-center justify-center rounded-full bg-wait px-1 text-[11px] leading-none font-semibold text-page tabular-nums',
        className,
      )}
    >
      {of}
      <span className="sr-only"> {t('waiting for you')}</span>
    </span>
  );
