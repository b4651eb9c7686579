/** The inputs that fit what is typed behind `{{`, to be chosen from. */
export type InputName = { name: string; about: string };

/** What the steps of one skill may name. */
export type InputNames = {
  names: InputName[];
  /** Of a text, the names that the skill's inputs do not have. */
  strangers(text: string): string[];
  onDeclare(name: string): void;
};

export type Option = InputName & { isNew?: true };

/** Of an input. */
export const namePattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

export function optionsFor(text: string, { names }: InputNames): Option[] {
  const wanted = text.toLowerCase();
  const fitting = names
    .filter(({ name }) => name.toLowerCase().includes(wanted))
    .sort(
      (a, b) =>
        Number(b.name.toLowerCase().startsWith(wanted)) - Number(a.name.toLowerCase().startsWith(wanted)),
    )
    .slice(0, 8);
  const isKnown = names.some(({ name }) => name === text);
  return isKnown || !namePattern.test(text)
    ? fitting
    : [...fitting, { name: text, about: 'a new input', isNew: true }];
}

export function Options({
  id,
  place,
  options,
  chosen,
  onChoose,
  onActive,
}: {
  id: string;
  place: { left: number; top: number };
  options: Option[];
  chosen: number;
  onChoose(option: Option): void;
  onActive(index: number): void;
}) {
  return (
    <div
      id={id}
      role="listbox"
      aria-label="Inputs"
      style={{ left: `min(${place.left}px, calc(100% - 15rem))`, top: place.top + 2 }}
      className="absolute z-10 max-h-60 w-60 overflow-y-auto rounded-lg border border-line bg-raised p-1 shadow-pop"
    >
      {options.map((option, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the text field has the focus, and its keys choose here
        <div
          key={option.name}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === chosen}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onMouseEnter={() => onActive(index)}
          onClick={() => onChoose(option)}
          className="cursor-pointer rounded-md px-2.5 py-1.5 aria-selected:bg-hover"
        >
          <span className="block truncate font-mono text-[13px]">{option.name}</span>
          <span className="block truncate text-xs text-ink-2">{option.about}</span>
        </div>
      ))}
    </div>
  );
}
