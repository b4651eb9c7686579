import { useEffect, useState } from 'react';
import { cx } from './cx.ts';
import { ago, exactTime } from './format.ts';

/** The time now, anew every so many milliseconds. */
export function useNow(everyMs = 15_000): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** A time beside now; the whole of it where the pointer rests. */
export function Ago({ at, className }: { at: string; className?: string }) {
  // What happened since the last look is not in the future.
  const now = Math.max(useNow(), Date.now());
  return (
    <time dateTime={at} title={exactTime(at)} className={cx('whitespace-nowrap tabular-nums', className)}>
      {ago(at, now)}
    </time>
  );
}
