import type { CSSProperties } from 'react';
import { cx } from './cx.ts';

/** What may be taken while one writes: the field keeps the focus and the keys, and names the chosen option by `<id>-<index>`. */
export function OptionList<Option>({
  id,
  label,
  options,
  chosen,
  wordsOf,
  onTake,
  onActive,
  className,
  style,
}: {
  id: string;
  label: string;
  options: readonly Option[];
  /** The index of the one that Enter takes. */
  chosen: number;
  wordsOf(option: Option): { name: string; about: string };
  onTake(option: Option): void;
  onActive(index: number): void;
  className: string;
  style?: CSSProperties;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label={label}
      style={style}
      className={cx(
        'absolute z-10 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop',
        className,
      )}
    >
      {options.map((option, index) => {
        const { name, about } = wordsOf(option);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus, and its keys choose here
          <div
            key={name}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            // The field keeps the focus.
            onMouseDown={(event) => event.preventDefault()}
            onMouseEnter={() => onActive(index)}
            onClick={() => onTake(option)}
            className="cursor-pointer rounded-md px-2.5 py-1.5 aria-selected:bg-hover"
          >
            <span className="block truncate font-mono text-[13px]">{name}</span>
            <span className="block truncate text-xs text-ink-2">{about}</span>
          </div>
        );
      })}
    </div>
  );
}
