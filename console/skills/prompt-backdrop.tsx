/** What stands behind a text field: the same text with its placeholders marked. */
import { useLayoutEffect, useRef, useState } from 'react';
import { placeholderPattern } from '../../src/contract/placeholders.ts';
import { cx } from '../ui/cx.ts';

/** Of the field too: each line must break at the same place. */
export const boxClass = 'px-3 py-2 text-base leading-relaxed break-words whitespace-pre-wrap sm:text-sm';

/** It knows where on the page a place of the text is: there the `list` is shown. */
export function Backdrop({
  text,
  strangers,
  anchor,
  list,
}: {
  text: string;
  strangers: string[];
  anchor: number | undefined;
  list(place: { left: number; top: number }): React.ReactNode;
}) {
  const mark = useRef<HTMLSpanElement>(null);
  const [place, setPlace] = useState<{ left: number; top: number }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text before it moves the mark
  useLayoutEffect(() => {
    const at = mark.current;
    setPlace(at ? { left: at.offsetLeft, top: at.offsetTop + at.offsetHeight } : undefined);
  }, [anchor, text]);
  return (
    <>
      <div
        aria-hidden="true"
        className={cx(
          'pointer-events-none absolute inset-0 rounded-md border border-transparent bg-surface text-transparent',
          boxClass,
        )}
      >
        {anchor === undefined ? (
          marked(text, strangers)
        ) : (
          <>
            {marked(text.slice(0, anchor), strangers)}
            <span ref={mark} className="inline-block h-[1lh] w-0 align-top" />
            {marked(text.slice(anchor), strangers)}
          </>
        )}
      </div>
      {anchor !== undefined && place ? list(place) : null}
    </>
  );
}

function marked(text: string, strangers: string[]): React.ReactNode[] {
  const parts: React.ReactNode[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholderPattern)) {
    parts.push(text.slice(end, match.index));
    parts.push(
      <mark
        key={match.index}
        className={cx(
          'rounded-sm text-transparent',
          strangers.includes(match[1] ?? '')
            ? 'bg-wait-soft underline decoration-wait decoration-wavy underline-offset-3'
            : 'bg-accent-soft shadow-[0_0_0_1px_var(--color-line-strong)]',
        )}
      >
        {match[0]}
      </mark>,
    );
    end = match.index + match[0].length;
  }
  return [...parts, text.slice(end)];
}
