import type { ReactNode } from 'react';
import { cx } from './cx.ts';

/** What may be wider or higher than its place, and can be scrolled from the keyboard. */
export const Scroller = ({ className, children }: { className?: string; children: ReactNode }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls by keys
  <div tabIndex={0} className={cx('overflow-auto', className)}>
    {children}
  </div>
);
