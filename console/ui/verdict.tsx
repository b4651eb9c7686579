import type { ReactNode } from 'react';
import { cx } from './cx.ts';
import { remedyOf } from './problem-words.ts';

/** What came of trying something out. */
export const Verdict = ({
  test: { ok, message, code, remedy },
  children,
}: {
  test: { ok: boolean; message: string; code?: string | undefined; remedy?: string | undefined };
  /** By whom it was answered, how long it took. */
  children: ReactNode;
}) => (
  <section
    role="status"
    className={cx(
      'rounded-xl border px-4 py-3',
      ok ? 'border-good/30 bg-good-soft' : 'border-bad/30 bg-bad-soft',
    )}
  >
    <p className="font-medium">{message}</p>
    {remedy ? <p className="text-ink-2 empty:hidden">{remedyOf({ code, remedy })?.words}</p> : null}
    <p className="text-[13px] text-ink-2">{children}</p>
  </section>
);
