import { useRef } from 'react';

export type Latest<T> = { readonly current: T };

/** The same object always, with what is so now: for what is called later. */
export function useLatest<T>(now: T): Latest<T> {
  const latest = useRef(now);
  latest.current = now;
  return latest;
}
