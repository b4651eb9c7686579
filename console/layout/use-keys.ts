import { useEffect } from 'react';

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

/**
 * Keys by what they do: `mod+k` works everywhere, `g h` (one after the other, within a second) and single keys where
 * nobody types.
 */
export function useKeys(actions: Record<string, () => void>): void {
  useEffect(() => {
    let before = '';
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent) => {
      const isMod = event.metaKey || event.ctrlKey;
      const key = isMod ? `mod+${event.key.toLowerCase()}` : event.key;
      if (event.altKey || (!isMod && isTyping(event.target))) return;
      const action = actions[`${before} ${key}`] ?? actions[key];
      clearTimeout(timer);
      before = '';
      if (action) {
        event.preventDefault();
        action();
      } else if (!isMod) {
        before = key;
        timer = setTimeout(() => {
          before = '';
        }, 1000);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => {
      window.removeEventListener('keydown', onKey);
      clearTimeout(timer);
    };
  });
}
