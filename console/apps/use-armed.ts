/**
 * Whether a press is meant for this page. Another site can put its own window over it, have it clicked twice, and close at the
 * first press, so that the second lands here; no header keeps it from that. So nothing here can be pressed until the page has been
 * before the person's eyes for a moment, each time that it comes to the front.
 */
import { useEffect, useState } from 'react';

/** Longer than between the two presses of a double click, in milliseconds. */
const moment = 800;

export function useArmed(): boolean {
  const [isArmed, setArmed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const begin = () => {
      clearTimeout(timer);
      setArmed(false);
      timer = setTimeout(() => setArmed(document.visibilityState === 'visible'), moment);
    };
    begin();
    window.addEventListener('focus', begin);
    document.addEventListener('visibilitychange', begin);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('focus', begin);
      document.removeEventListener('visibilitychange', begin);
    };
  }, []);
  return isArmed;
}
