/** One side of two texts that stand beside each other: what both have, and what it alone has. */
import type { Change } from 'diff';
import { t } from '../words/t.ts';
import { cx } from './cx.ts';

const looks = {
  removed: { box: 'border-bad/30', word: 'bg-bad-soft text-bad' },
  added: { box: 'border-good/30', word: 'bg-good-soft text-good' },
} as const;

export function Side({
  of,
  changes,
  side,
}: {
  /** What this side is called. */
  of: string;
  /** Undefined where this side has nothing. */
  changes: Change[] | undefined;
  side: 'removed' | 'added';
}) {
  const isJson = changes?.[0]?.value.startsWith('{');
  const Word = side === 'removed' ? 'del' : 'ins';
  return (
    <div
      className={cx(
        'max-h-96 min-w-0 overflow-y-auto rounded-lg border bg-sunken px-3 py-2 leading-relaxed break-words whitespace-pre-wrap',
        looks[side].box,
        isJson && 'font-mono text-[12.5px]',
      )}
    >
      <span className="mb-0.5 block text-xs text-ink-3 md:sr-only">{of}</span>
      {changes === undefined ? <span className="text-ink-3">{t('empty')}</span> : null}
      {changes?.map(({ value, added, removed }, index) => {
        const isOfOther = side === 'removed' ? added : removed;
        if (isOfOther) return null;
        return added || removed ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: the parts have no name but their place
          <Word key={index} className={cx('rounded-sm font-medium no-underline', looks[side].word)}>
            {value}
          </Word>
        ) : (
          value
        );
      })}
    </div>
  );
}
