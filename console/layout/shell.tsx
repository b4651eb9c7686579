/** What stands around every page: the places to go, the palette, and where a sign-in is asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Preferences } from '../../src/contract/preferences.ts';
import { api } from '../api/api.ts';
import { isAway, isUnauthenticated } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { useNews } from '../api/use-news.ts';
import { dropDrafts } from '../chat/draft.ts';
import { StopAll, StoppedNote } from '../home/home-spend.tsx';
import { useWaiting } from '../home/use-waiting.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { LogOut, Search } from '../ui/icons.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { countTab, nameTab } from '../ui/tab-title.ts';
import { keepPreferences } from '../words/language.ts';
import { t } from '../words/t.ts';
import { ModelNote } from './model-note.tsx';
import type { Open } from './over-page.tsx';
import { OverPageLater } from './over-page-later.tsx';
import { places } from './places.ts';
import { SignIn } from './sign-in.tsx';
import { useKeys } from './use-keys.ts';

export function Shell() {
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (isAway(state.error) ? 3000 : false),
  });
  usePreferences(session.data?.preferences);
  if (session.isPending) {
    return (
      <div className="mx-auto max-w-xl p-8">
        <SkeletonRows />
      </div>
    );
  }
  const isOut = isUnauthenticated(session.error);
  if (session.data === undefined) {
    return isOut ? (
      <SignIn />
    ) : (
      <div className="mx-auto max-w-xl p-8">
        <ProblemNote
          error={session.error}
          action={
            <Button size="sm" onClick={() => session.refetch()}>
              {t('Try again')}
            </Button>
          }
        />
      </div>
    );
  }
  // What was being written when the session ended stays where it is, behind the page that asks to sign in.
  return (
    <>
      {isOut ? <SignIn isAgain /> : null}
      <div hidden={isOut} inert={isOut}>
        <SignedIn isOut={isOut} isServerAway={isAway(session.error)} />
      </div>
    </>
  );
}

function SignedIn({ isOut, isServerAway }: { isOut: boolean; isServerAway: boolean }) {
  const [open, setOpen] = useState<Open>();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  useNews(!isOut && !isServerAway);
  useReadAgain(isOut || isServerAway);
  const waiting = useWaiting();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  useKeys({
    'mod+k': () => setOpen('palette'),
    '/': () => setOpen('palette'),
    '?': () => setOpen('keys'),
    ...Object.fromEntries(places.map(({ keys, to }) => [keys, () => navigate({ to })])),
  });
  // Until the page itself says better.
  useLayoutEffect(
    () => nameTab(places.findLast(({ to }) => path === to || path.startsWith(`${to}/`))?.name ?? ''),
    [path],
  );
  useEffect(() => countTab(waiting), [waiting]);
  // Another page begins at its top, also for those who read with a screen reader.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it waits for
  useEffect(() => main.current?.focus({ preventScroll: true }), [path]);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-30 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('Skip to the page')}
      </a>
      <Sidebar waiting={waiting} onSearch={() => setOpen('palette')} />
      <main id="main" ref={main} tabIndex={-1} className={mainClass}>
        {isServerAway ? <AwayNote /> : null}
        <StoppedNote />
        <ModelNote />
        <Outlet />
      </main>
      <BottomBar waiting={waiting} />
      <OverPageLater open={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}

/** A page that is as tall as the window says so: `data-fills`. */
const mainClass = cx(
  'mx-auto w-full max-w-[76rem] min-w-0 px-4 pt-5 pb-24 outline-none md:px-8 md:pt-8 md:pb-12',
  'has-[>[data-fills]]:flex has-[>[data-fills]]:min-h-dvh has-[>[data-fills]]:flex-col has-[>[data-fills]]:pb-14 md:has-[>[data-fills]]:pb-0',
);

const linkClass =
  'flex h-9 items-center gap-3 rounded-md px-3 text-ink-2 hover:bg-hover hover:text-ink data-[status=active]:bg-hover data-[status=active]:font-medium data-[status=active]:text-ink';

function Sidebar({ waiting, onSearch }: { waiting: number; onSearch(): void }) {
  return (
    <aside className="sticky top-0 hidden h-dvh flex-col gap-4 border-r border-line bg-sunken/60 p-3 md:flex">
      <Link to="/" className="flex items-center gap-2.5 px-2 pt-2 text-[15px] font-semibold">
        <img src="/icon.svg" alt="" className="size-6" /> {t('Alfred')}
      </Link>
      <button
        type="button"
        onClick={onSearch}
        className="flex h-9 items-center gap-2 rounded-md border border-line bg-surface px-3 text-ink-2 hover:border-line-strong"
      >
        <Search aria-hidden="true" className="size-4" /> {t('Find')}
        <kbd className="ml-auto font-mono text-xs text-ink-3">{t('Ctrl K')}</kbd>
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

function SignOut() {
  const session = useQuery(sessionQuery);
  if (session.data?.kind !== 'session') return null;
  return (
    <button
      type="button"
      className={cx(linkClass, 'w-full')}
      onClick={async () => {
        await api.signOut();
        dropDrafts();
        location.assign('/');
      }}
    >
      <LogOut aria-hidden="true" className="size-4" /> {t('Sign out')}
    </button>
  );
}

/** The places under the thumb, on a phone. */
const BottomBar = ({ waiting }: { waiting: number }) => (
  <nav
    aria-label={t('Places')}
    className="fixed inset-x-0 bottom-0 z-10 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
  >
    {places
      .filter(({ isRare }) => !isRare)
      .map(({ to, name, icon: Icon }) => (
        <Link
          key={to}
          to={to}
          activeOptions={{ exact: to === '/' }}
          className="relative flex h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[10.5px] text-ink-2 data-[status=active]:text-accent"
        >
          <Icon aria-hidden="true" className="size-5" />
          <span className="max-w-full truncate">{name}</span>
          {to === '/' ? <Count of={waiting} className="absolute top-1 left-1/2 ml-1.5" /> : null}
        </Link>
      ))}
  </nav>
);

/** How much waits for the owner; nothing where nothing does. */
const Count = ({ of, className }: { of: number; className: string }) =>
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

const AwayNote = () => (
  <p role="status" className="mb-5 rounded-lg border border-wait/40 bg-wait-soft px-4 py-3">
    <span className="font-medium text-wait">{t('The server does not answer.')}</span>{' '}
    <span className="text-ink-2">
      {t('What you see may be out of date; the page carries on when it is back.')}
    </span>
  </p>
);

/** Keeps how the owner wants the console, and shows it so: at once where the page has just come, else when it comes anew. */
function usePreferences(said: Preferences | undefined): void {
  const isFirst = useRef(true);
  useEffect(() => {
    if (said === undefined) return;
    const isOther = keepPreferences(said);
    if (isOther && isFirst.current) location.reload();
    isFirst.current = false;
  }, [said]);
}

/** Everything that is shown, as soon as it can be had again. */
function useReadAgain(isLost: boolean): void {
  const queries = useQueryClient();
  const wasLost = useRef(false);
  useEffect(() => {
    if (wasLost.current && !isLost) void queries.invalidateQueries();
    wasLost.current = isLost;
  }, [isLost, queries]);
}
