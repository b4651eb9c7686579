/** Over how many days one looks. */
import { cx } from '../ui/cx.ts';
import { t } from '../words/t.ts';

export const Span = <Days extends number>({
  spans,
  value,
  onValue,
}: {
  spans: readonly Days[];
  /** Undefined where it is none of them. */
  value: number | undefined;
  onValue(span: Days): void;
}) => (
  <fieldset aria-label={t('Span of time')} className="flex flex-wrap rounded-md border border-line p-0.5">
    {spans.map((span) => (
      <button
        key={span}
        type="button"
        aria-pressed={span === value}
        onClick={() => onValue(span)}
        className={cx(
          'rounded px-2 py-0.5 text-[13px] whitespace-nowrap',
          span === value ? 'bg-hover font-medium' : 'text-ink-2',
        )}
      >
        {span === 365 ? t('A year') : t('{span} days', { span })}
      </button>
    ))}
  </fieldset>
);
