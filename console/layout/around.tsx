/** What stands around every page: the places to go, beside it or, on a phone, below it. */
import { useRouterState } from '@tanstack/react-router';
import type { ReactNode, Ref } from 'react';
import { cx } from '../ui/cx.ts';
import { t } from '../words/t.ts';
import { BottomBar } from './bottom-bar.tsx';
import { Sidebar } from './sidebar.tsx';

/** @param props.over what is drawn over the page */
export const Around = ({
  waiting,
  onSearch,
  main,
  over,
  children,
}: {
  waiting: number;
  onSearch(): void;
  main?: Ref<HTMLElement>;
  over?: ReactNode;
  children: ReactNode;
}) => (
  <div className="min-h-dvh md:grid md:grid-cols-[13.5rem_minmax(0,1fr)]">
    <a
      href="#main"
      className="sr-only z-30 rounded-md bg-accent px-3 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      {t('Skip to the page')}
    </a>
    <Sidebar waiting={waiting} onSearch={onSearch} />
    <main
      id="main"
      ref={main}
      tabIndex={-1}
      // The page that one leaves stands there until the next one can: meanwhile it says that it is about to be another.
      aria-busy={useRouterState({ select: ({ isLoading }) => isLoading })}
      className={mainClass}
    >
      {children}
    </main>
    <BottomBar waiting={waiting} onSearch={onSearch} />
    {over}
  </div>
);

/** A page that is as tall as the window says so: `data-fills`. */
const mainClass = cx(
  'mx-auto w-full max-w-[76rem] min-w-0 px-4 pt-5 pb-24 outline-none md:px-8 md:pt-8 md:pb-12',
  'has-[>[data-fills]]:flex has-[>[data-fills]]:min-h-dvh has-[>[data-fills]]:flex-col has-[>[data-fills]]:pb-14 md:has-[>[data-fills]]:pb-0',
);
