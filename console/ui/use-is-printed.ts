import { useSyncExternalStore } from 'react';

const print = matchMedia('print');

function onChange(then: () => void): () => void {
  print.addEventListener('change', then);
  return () => print.removeEventListener('change', then);
}

/** Whether the page is being put on paper: what draws only what is in sight has to draw all of it then. */
export const useIsPrinted = (): boolean => useSyncExternalStore(onChange, () => print.matches);
