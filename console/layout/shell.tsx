/** What stands around every page: the places to go, the palette, and where a sign-in is asked for. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Preferences } from '../../src/contract/preferences.ts';
import { isAway, isUnauthenticated } from '../api/client.ts';
import { modelQuery, sessionQuery, stopQuery } from '../api/queries.ts';
import { useNews } from '../api/use-news.ts';
import { StoppedNote } from '../home/home-spend.tsx';
import { useWaiting } from '../home/use-waiting.ts';
import { Button } from '../ui/button.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { countTab, nameTab } from '../ui/tab-title.ts';
import { keepPreferences } from '../words/language.ts';
import { t } from '../words/t.ts';
import { Around } from './around.tsx';
import { pressAgain } from './early-presses.ts';
import { isModelNoted, ModelNote } from './model-note.tsx';
import type { Open } from './over-page.tsx';
import { OverPageLater } from './over-page-later.tsx';
import { places } from './places.ts';
import { SignIn } from './sign-in.tsx';
import { forgetSignedIn, keepNoted, keepSignedIn } from './signed-in-here.ts';
import { useKeys } from './use-keys.ts';

export function Shell() {
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (isAway(state.error) ? 3000 : false),
  });
  usePreferences(session.data?.preferences);
  const isOut = isUnauthenticated(session.error);
  useSignedInHere(session.data, isOut);
  if (session.isPending) {
    return (
      <div className="mx-auto max-w-xl p-8">
        <SkeletonRows />
      </div>
    );
  }
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
  useNoted();
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
  useEffect(pressAgain, []);
  // Another page begins at its top, also for those who read with a screen reader.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it waits for
  useEffect(() => main.current?.focus({ preventScroll: true }), [path]);
  return (
    <Around
      waiting={waiting}
      onSearch={() => setOpen('palette')}
      main={main}
      over={<OverPageLater open={open} onClose={() => setOpen(undefined)} />}
    >
      {isServerAway ? <AwayNote /> : null}
      <StoppedNote />
      <ModelNote />
      <Outlet />
    </Around>
  );
}

const AwayNote = () => (
  <p role="status" className="mb-5 rounded-lg border border-wait/40 bg-wait-soft px-4 py-3">
    <span className="font-medium text-wait">{t('The server does not answer.')}</span>{' '}
    <span className="text-ink-2">
      {t('What you see may be out of date; the page carries on when it is back.')}
    </span>
  </p>
);

/** Keeps whether this browser is signed in, for the frame that stands in the document. */
function useSignedInHere(session: { kind: string; expiresAt: string | null } | undefined, isOut: boolean) {
  const until = session?.kind === 'session' ? session.expiresAt : undefined;
  useEffect(() => {
    if (isOut) forgetSignedIn();
    else if (until !== undefined) keepSignedIn(until);
  }, [isOut, until]);
}

/** Keeps whether something stands above the page, for the frame as well. */
function useNoted(): void {
  const model = useQuery(modelQuery);
  const stop = useQuery(stopQuery);
  const is = model.data && stop.data && (isModelNoted(model.data) || stop.data.stopped !== null);
  useEffect(() => {
    if (is !== undefined) keepNoted(is);
  }, [is]);
}

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
