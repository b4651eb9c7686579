/** Which month one looks at: the one before, the one after, and by `<` and `>`. */
import { useKeys } from '../layout/use-keys.ts';
import { cx } from '../ui/cx.ts';
import { ChevronLeft, ChevronRight } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import { monthBeside, monthName } from './months.ts';

export function MonthChoice({
  month,
  present,
  onMonth,
}: {
  /** Undefined while days are looked at. */
  month: string | undefined;
  /** The month that goes on; undefined until it is known. */
  present: string | undefined;
  onMonth(month: string): void;
}) {
  const shown = month ?? present;
  const before = shown && monthBeside(shown, -1);
  const after =
    shown === undefined || present === undefined || shown >= present ? undefined : monthBeside(shown, 1);
  useKeys({
    '<': () => before && onMonth(before),
    '>': () => after && onMonth(after),
  });
  return (
    <fieldset aria-label={t('Month')} className="flex rounded-md border border-line p-0.5">
      <Step name={t('The month before')} to={before} onMonth={onMonth} icon={ChevronLeft} />
      <button
        type="button"
        aria-pressed={month !== undefined}
        disabled={shown === undefined}
        onClick={() => shown && onMonth(shown)}
        className={cx(
          'min-w-32 rounded px-2 py-0.5 text-center text-[13px] whitespace-nowrap',
          month === undefined ? 'text-ink-2' : 'bg-hover font-medium',
        )}
      >
        {shown === undefined ? '\u00a0' : monthName(shown)}
      </button>
      <Step name={t('The month after')} to={after} onMonth={onMonth} icon={ChevronRight} />
    </fieldset>
  );
}

const Step = ({
  name,
  to,
  onMonth,
  icon: Picture,
}: {
  name: string;
  /** Undefined where there is none. */
  to: string | undefined;
  onMonth(month: string): void;
  icon: typeof ChevronLeft;
}) => (
  <button
    type="button"
    aria-label={name}
    title={name}
    disabled={to === undefined}
    onClick={() => to && onMonth(to)}
    className="flex w-7 items-center justify-center rounded text-ink-2 enabled:hover:bg-hover enabled:hover:text-ink disabled:opacity-40"
  >
    <Picture className="size-4" />
  </button>
);
