/** What a VM did, as bars: one for each day or month. The arrows go from bar to bar; what a bar says stands beneath. */
import { type KeyboardEvent, useState } from 'react';
import type { Totals, VmHistory } from '../../src/contract/fleet.ts';
import { cx } from '../ui/cx.ts';
import { count, duration } from '../ui/format.ts';
import { locale } from '../words/language.ts';
import { plural } from './plural.ts';

type Item = VmHistory['items'][number];
type Measure = keyof Totals;

const measures: Readonly<Record<Measure, { name: string; words(value: number): string }>> = {
  executions: { name: 'Executions', words: count },
  durationMs: { name: 'Duration', words: duration },
  tokens: { name: 'Tokens', words: count },
};
const utc = { timeZone: 'UTC' } as const;
const dayFormat = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  ...utc,
});
const monthFormat = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', ...utc });

export function VmChart({ items, unit }: { items: readonly Item[]; unit: 'day' | 'month' }) {
  const [measure, setMeasure] = useState<Measure>('executions');
  const [at, setAt] = useState(items.length - 1);
  const most = Math.max(...items.map((item) => item[measure]));
  const picked = items[at];
  const nameOf = ({ start }: Item) => (unit === 'day' ? dayFormat : monthFormat).format(Date.parse(start));
  const move = (event: KeyboardEvent) => {
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: items.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setAt(Math.min(items.length - 1, Math.max(0, to)));
  };
  const [first, middle] = [items[0], items[Math.floor(items.length / 2)]];
  return (
    <figure className="m-0">
      <fieldset aria-label="What the bars show" className="-mx-2 mb-2 flex flex-wrap gap-x-2">
        {(Object.keys(measures) as Measure[]).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === measure}
            onClick={() => setMeasure(one)}
            className="group rounded-md px-2 py-1 text-left hover:bg-hover"
          >
            <span className="block text-[13px] text-ink-2">{measures[one].name}</span>
            <span className="block text-base font-semibold tabular-nums group-aria-pressed:shadow-[inset_0_-2px] group-aria-pressed:shadow-accent">
              {measures[one].words(items.reduce((sum, item) => sum + item[one], 0))}
            </span>
          </button>
        ))}
      </fieldset>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`${measures[measure].name} by ${unit}`}
        aria-valuemin={1}
        aria-valuemax={items.length}
        aria-valuenow={at + 1}
        aria-valuetext={picked ? wordsOf(nameOf(picked), picked) : ''}
        onKeyDown={move}
        className="flex h-32 items-end gap-px sm:gap-[2px]"
      >
        {items.map((item, index) => (
          <span
            key={item.start}
            onPointerEnter={() => setAt(index)}
            className={cx('flex h-full min-w-0 flex-1 items-end', index === at && 'bg-hover')}
          >
            <span
              className={cx(
                'w-full rounded-t-[2px]',
                item[measure] === 0 ? 'h-px bg-line-strong' : 'min-h-0.5 bg-accent',
              )}
              style={item[measure] === 0 ? undefined : { height: `${(item[measure] / most) * 100}%` }}
            />
          </span>
        ))}
      </div>
      <div aria-hidden="true" className="mt-1.5 flex justify-between text-xs text-ink-3">
        <span>{first ? nameOf(first) : ''}</span>
        <span>{middle ? nameOf(middle) : ''}</span>
        <span>{unit === 'day' ? 'today' : 'this month'}</span>
      </div>
      <figcaption className="mt-2 text-[13px] text-ink-2 tabular-nums">
        {picked ? wordsOf(nameOf(picked), picked) : ''}
        <span className="block">
          Days and months are in UTC. What was corrected on a bill is not in it. It is the VM’s own, whoever
          had it: bills go by who had it that day.
        </span>
      </figcaption>
    </figure>
  );
}

const wordsOf = (when: string, { executions, durationMs, tokens }: Item): string =>
  `${when}: ${plural(executions, 'execution')}, ${duration(durationMs)}, ${plural(tokens, 'token')}`;
