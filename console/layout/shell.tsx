/** What stands around every page: the places to go, the palette, and where a sign-in is asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Preferences } from '../../src/contract/preferences.ts';
import { isAway, isUnauthenticated } from '../api/client.ts';
import { sessionQuery } from '../api/queries.ts';
import { useNews } from '../api/use-news.ts';
import { StoppedNote } from '../home/home-spend.tsx';
import { useWaiting } from '../home/use-waiting.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { countTab, nameTab } from '../ui/tab-title.ts';
import { keepPreferences } from '../words/language.ts';
import { t } from '../words/t.ts';
import { BottomBar } from './bottom-bar.tsx';
import { ModelNote } from './model-note.tsx';
import type { Open } from './over-page.tsx';
import { OverPageLater } from './over-page-later.tsx';
import { places } from './places.ts';
import { Sidebar } from './sidebar.tsx';
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
      <BottomBar waiting={waiting} onSearch={() => setOpen('palette')} />
      <OverPageLater open={open} onClose={() => setOpen(undefined)} />
    </div>
  );
}

/** A page that is as tall as the window says so: `data-fills`. */
const mainClass = cx(
  'mx-auto w-full max-w-[76rem] min-w-0 px-4 pt-5 pb-24 outline-none md:px-8 md:pt-8 md:pb-12',
  'has-[>[data-fills]]:flex has-[>[data-fills]]:min-h-dvh has-[>[data-fills]]:flex-col has-[>[data-fills]]:pb-14 md:has-[>[data-fills]]:pb-0',
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
