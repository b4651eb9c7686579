/** Some of many, each with a box of its own. */
import type { ReactNode } from 'react';

export const CheckList = <Value extends string>({
  legend,
  hint,
  options,
  chosen,
  onChoose,
}: {
  legend: string;
  hint?: string;
  options: readonly { value: Value; label: ReactNode }[];
  chosen: readonly Value[];
  onChoose(chosen: Value[]): void;
}) => (
  <fieldset className="space-y-1">
    <legend className="mb-1 font-medium">{legend}</legend>
    {hint === undefined ? null : <p className="text-[13px] text-ink-2">{hint}</p>}
    {options.map(({ value, label }) => (
      <label key={value} className="flex items-center gap-2">
        <input
          type="checkbox"
          className="size-4 accent-accent"
          checked={chosen.includes(value)}
          onChange={({ target }) =>
            onChoose(target.checked ? [...chosen, value] : chosen.filter((one) => one !== value))
          }
        />
        {label}
      </label>
    ))}
  </fieldset>
);
