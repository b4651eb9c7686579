import { useLayoutEffect, useRef } from 'react';

/**
 * Keys by what they do: `mod+k` works everywhere, `g h` (one after the other, within a second) and single keys where
 * nobody types.
 */
export function useKeys(actions: Record<string, () => void>): void {
  const latest = useRef(actions);
  latest.current = actions;
  // As soon as the page stands, not a moment later: what is pressed in between would be nobody's. And once: the key before is known
  // when the page was drawn again since, and the second counts from key to key, however long the page is busy.
  useLayoutEffect(() => {
    let before = '';
    let at = 0;
    const onKey = (event: KeyboardEvent) => {
      const isMod = event.metaKey || event.ctrlKey;
      const key = isMod ? `mod+${event.key.toLowerCase()}` : event.key;
      if (event.altKey || (!isMod && (event.target as Element).closest('input,textarea,select'))) return;
      if (event.timeStamp > at + 1000) before = '';
      const action = latest.current[`${before} ${key}`] ?? latest.current[key];
      before = action || isMod ? '' : key;
      at = event.timeStamp;
      if (action) {
        event.preventDefault();
        action();
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
