/** A text with `{{inputs}}` in it: they are marked, completed while one types `{{`, and added where none of that name is. */
import {
  type KeyboardEvent,
  type Ref,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { placeholderPattern } from '../../src/contract/placeholders.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { inputClass } from '../ui/field.tsx';

export type InputName = { name: string; about: string };

/** What the steps of one skill may name. */
export type InputNames = {
  names: InputName[];
  /** Of a text, the names that the skill's inputs do not have. */
  strangers(text: string): string[];
  onDeclare(name: string): void;
};

type Option = InputName & { isNew?: true };

const boxClass = 'px-3 py-2 text-base leading-relaxed break-words whitespace-pre-wrap sm:text-sm';
const openPattern = /\{\{\s*([\p{L}\p{N}_.-]*)$/u;
const namePattern = /^[\p{L}_][\p{L}\p{N}_-]*$/u;

export function PromptField({
  value,
  onValue,
  onBlur,
  inputs,
  ref,
  className,
  ...rest
}: {
  value: string;
  onValue(text: string): void;
  onBlur(): void;
  inputs: InputNames;
  ref?: Ref<{ focus(): void }>;
  className?: string;
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': boolean;
}) {
  const area = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle(ref, () => ({ focus: () => area.current?.focus() }));
  const listId = useId();
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(0);
  const typed = caret === undefined ? undefined : openPattern.exec(value.slice(0, caret));
  const options = typed ? optionsFor(typed[1] ?? '', inputs) : [];
  const isOpen = options.length > 0;
  const chosen = Math.min(active, options.length - 1);
  const strangers = inputs.strangers(value);

  const look = (): void => {
    const at = area.current;
    setCaret(at && at.selectionStart === at.selectionEnd ? at.selectionStart : undefined);
  };
  const take = (option: Option): void => {
    const at = area.current;
    if (!at || !typed || caret === undefined) return;
    const after = /^[\p{L}\p{N}_.-]*\s*(\}\})?/u.exec(value.slice(caret))?.[0] ?? '';
    at.focus();
    at.setSelectionRange(typed.index, caret + after.length);
    // The one way to write into a text that the browser's own undo knows.
    document.execCommand('insertText', false, `{{${option.name}}}`);
    setCaret(undefined);
    if (option.isNew) inputs.onDeclare(option.name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (!isOpen) return;
    const option = options[chosen];
    if (event.key === 'ArrowDown') setActive((chosen + 1) % options.length);
    else if (event.key === 'ArrowUp') setActive((chosen + options.length - 1) % options.length);
    else if (event.key === 'Escape') setCaret(undefined);
    else if ((event.key === 'Enter' || event.key === 'Tab') && option) take(option);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="space-y-1.5">
      <div className="relative">
        <Backdrop
          text={value}
          strangers={strangers}
          anchor={isOpen ? typed?.index : undefined}
          list={(place) => (
            <Options
              id={listId}
              place={place}
              options={options}
              chosen={chosen}
              onChoose={take}
              onActive={setActive}
            />
          )}
        />
        <textarea
          {...rest}
          ref={area}
          value={value}
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={isOpen ? listId : undefined}
          aria-activedescendant={isOpen ? `${listId}-${chosen}` : undefined}
          spellCheck
          onChange={(event) => {
            onValue(event.target.value);
            setActive(0);
            look();
          }}
          onKeyDown={onKeyDown}
          onKeyUp={(event) => (/^(Arrow(Left|Right)|Home|End)$/.test(event.key) ? look() : undefined)}
          onClick={look}
          onBlur={() => {
            setCaret(undefined);
            onBlur();
          }}
          className={cx(
            inputClass,
            'relative field-sizing-content block min-h-20 bg-transparent',
            boxClass,
            className,
          )}
        />
      </div>
      <p role="status" className="sr-only">
        {isOpen ? `${options.length} inputs: arrow keys choose, Enter takes ${options[chosen]?.name}` : ''}
      </p>
      {strangers.map((name) => (
        <p key={name} className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-wait">
          <span>
            No input is called <code className="font-mono">{name}</code>.
          </span>
          {namePattern.test(name) ? (
            <Button size="sm" onClick={() => inputs.onDeclare(name)}>
              Add it to the inputs
            </Button>
          ) : null}
        </p>
      ))}
    </div>
  );
}

function optionsFor(text: string, { names }: InputNames): Option[] {
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

/** The same text behind the field, with its placeholders marked; it knows where on the page a place of the text is. */
function Backdrop({
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

function Options({
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
