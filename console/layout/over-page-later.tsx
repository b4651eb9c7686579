import { useIsFetching, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { whenSignInWaits } from '../sign-in/with-fresh-sign-in.ts';
import { onDemand } from '../ui/on-demand.tsx';
import { whenWaiting } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { keepTyped, typedEarly } from './early-typed.ts';
import type { OverPageProps } from './over-page.tsx';

const OverPage = onDemand<OverPageProps>(
  async () => (await import('./over-page.tsx')).OverPage,
  ({ open }) => (open === 'palette' ? <EarlyInput /> : null),
);

/** Stands where the palette will, so that nothing is lost that is typed meanwhile. */
const EarlyInput = () => (
  <input
    // biome-ignore lint/a11y/noAutofocus: it was asked for this moment, to type into
    autoFocus
    aria-label={t('Find')}
    defaultValue={typedEarly()}
    onChange={({ target }) => keepTyped(target.value)}
    className="fixed inset-x-0 top-[12dvh] z-20 mx-auto h-12 w-[min(36rem,calc(100vw-1.5rem))] rounded-xl border border-line bg-raised px-4 text-base shadow-pop"
  />
);

/** Comes once what the page shows is there, so that nothing is kept waiting for it; sooner where it is asked for. */
export function OverPageLater(props: OverPageProps) {
  const queries = useQueryClient();
  const fetching = useIsFetching();
  const [isWanted, setWanted] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: how many there were when this was drawn: the page asks for its first ones behind that
  useEffect(() => {
    if (queries.isFetching() === 0 || props.open !== undefined) setWanted(true);
  }, [queries, fetching, props.open]);
  useEffect(() => whenWaiting(() => setWanted(true)), []);
  useEffect(() => whenSignInWaits(() => setWanted(true)), []);
  // Only that it did not come stands here: the rest is drawn over the page.
  return (
    <div className="fixed right-3 bottom-3 z-20 w-[min(26rem,calc(100vw-1.5rem))] empty:hidden max-md:bottom-18">
      {isWanted ? <OverPage {...props} /> : null}
    </div>
  );
}
