import { type ReactNode, useEffect, useRef } from 'react';
import { t } from '../words/t.ts';
import { cx } from './cx.ts';
import { HelpLink, type HelpPlace } from './help-link.tsx';
import { nameTab } from './tab-title.ts';

/** A bordered region with a heading of its own. */
export function Panel({
  id,
  title,
  aside,
  children,
  className,
  flush = false,
}: {
  /** What links to it name it by. */
  id?: string;
  title?: ReactNode;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
  /** Without padding: for lists that go to the edge. */
  flush?: boolean;
}) {
  return (
    <section
      id={id}
      className={cx('min-w-0 scroll-mt-4 rounded-xl border border-line bg-surface', className)}
    >
      {title === undefined ? null : (
        <header className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2">
          <h2 className="text-[15px] font-semibold">{title}</h2>
          {aside}
        </header>
      )}
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}

/** Nothing is here yet: what belongs here, and how it comes. */
export function Empty({
  title,
  children,
  action,
  isPage = false,
}: {
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** It is all that the page has: its heading too. */
  isPage?: boolean;
}) {
  const Title = isPage ? 'h1' : 'p';
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-6 py-14 text-center">
      <Title className="text-base font-semibold">{title}</Title>
      <div className="text-ink-2">{children}</div>
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** The shape of what is about to stand here. */
export const Skeleton = ({ className }: { className?: string }) => (
  <div aria-hidden="true" className={cx('animate-pulse-soft rounded-md bg-hover', className)} />
);

export function SkeletonRows({ rows = 6, className = 'h-11' }: { rows?: number; className?: string }) {
  return (
    <div role="status" className="space-y-2 p-4">
      <span className="sr-only">{t('Loading')}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows without content have nothing else
        <Skeleton key={row} className={className} />
      ))}
    </div>
  );
}

/** A page's heading: what it is, in a line what it is for, and what can be done. */
export function PageHead({
  title,
  lead,
  help,
  actions,
}: {
  title: ReactNode;
  lead?: ReactNode;
  /** Where the documentation says more. */
  help?: HelpPlace;
  actions?: ReactNode;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => nameTab(heading.current?.textContent ?? ''));
  return (
    <header className="mb-6 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0 space-y-1">
        <h1 ref={heading} className="text-[22px] leading-tight font-semibold tracking-tight wrap-anywhere">
          {title}
        </h1>
        {lead || help ? (
          <div className="max-w-2xl text-ink-2">
            {/* The sign stays with the last word. */}
            {lead}
            {'\u00a0'}
            {help === undefined ? null : (
              <HelpLink about={typeof title === 'string' ? title : t('this page')} place={help} />
            )}
          </div>
        ) : null}
      </div>
      {actions ? <div className="flex flex-wrap items-center gap-2">{actions}</div> : null}
    </header>
  );
}
