import { cx } from './cx.ts';

export type ChoiceCard<Value> = readonly [value: Value, title: string, about: string];

/** One choice of a few that each need a sentence: cards side by side, of which one is picked. */
export const ChoiceCards = <Value extends string | boolean>({
  name,
  legend,
  isLegendShown = false,
  cards,
  picked,
  onPick,
  disabled = false,
}: {
  name: string;
  /** What is chosen: for who cannot see the cards, where nothing beside them says it. */
  legend: string;
  isLegendShown?: boolean;
  cards: readonly ChoiceCard<Value>[];
  picked: Value;
  onPick(value: Value): void;
  disabled?: boolean;
}) => (
  <fieldset disabled={disabled} className="grid gap-2 sm:grid-cols-2">
    <legend className={isLegendShown ? 'mb-2 text-[13px] font-medium text-ink-2' : 'sr-only'}>
      {legend}
    </legend>
    {cards.map(([value, title, about]) => (
      <label
        key={title}
        className={cx(
          'flex gap-2.5 rounded-lg border p-3 has-focus-visible:outline-2 has-focus-visible:outline-accent',
          picked === value ? 'border-accent bg-accent-soft' : 'border-line-strong/70',
        )}
      >
        <input
          type="radio"
          name={name}
          checked={picked === value}
          onChange={() => onPick(value)}
          className="mt-0.5 size-4 shrink-0 accent-accent"
        />
        <span>
          <span className="block font-medium">{title}</span>
          <span className="block text-[13px] text-ink-2">{about}</span>
        </span>
      </label>
    ))}
  </fieldset>
);
