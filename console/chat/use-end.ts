import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

/** Nearer than this to the end of the page one is at it, in pixels. */
const near = 48;

/** What changes its size so soon after a press was changed by it, in milliseconds. */
const pressMs = 400;

const distanceToEnd = (): number => {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement;
  return scrollHeight - clientHeight - scrollTop;
};

/**
 * Keeps the end of the page in sight while it grows, for who is at the end; who has scrolled up is left where they are.
 *
 * @param grown changes whenever the page may have grown
 */
export function useEnd(grown: unknown): { isAtEnd: boolean; toEnd: () => void } {
  const follows = useRef(true);
  const [isAtEnd, setAtEnd] = useState(true);
  const toEnd = useCallback(() => {
    follows.current = true;
    setAtEnd(true);
    window.scrollTo({ top: document.documentElement.scrollHeight });
  }, []);
  useEffect(() => {
    const left = new AbortController();
    const look = () => {
      follows.current = distanceToEnd() < near;
      setAtEnd(follows.current);
    };
    // Scrolling up is meant, however little it is.
    const onWheel = ({ deltaY }: WheelEvent) => {
      if (deltaY < 0 && distanceToEnd() > 0) follows.current = false;
    };
    window.addEventListener('scroll', look, { passive: true, signal: left.signal });
    window.addEventListener('wheel', onWheel, { passive: true, signal: left.signal });
    // What somebody unfolds stays where they look.
    let pressedAt = Number.NEGATIVE_INFINITY;
    const onPress = ({ timeStamp }: Event) => {
      pressedAt = timeStamp;
    };
    window.addEventListener('pointerdown', onPress, { capture: true, signal: left.signal });
    window.addEventListener('keydown', onPress, { capture: true, signal: left.signal });
    // What is drawn later than its words: a picture, say.
    const sizes = new ResizeObserver(() => {
      if (follows.current && performance.now() - pressedAt > pressMs) toEnd();
    });
    sizes.observe(document.body);
    return () => {
      left.abort();
      sizes.disconnect();
    };
  }, [toEnd]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is what it waits for
  useLayoutEffect(() => {
    if (follows.current) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [grown]);
  return { isAtEnd, toEnd };
}
