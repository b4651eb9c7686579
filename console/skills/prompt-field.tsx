/** A text with `{{inputs}}` in it: they are marked, completed while one types `{{`, and added where none of that name is. */
import {
  type KeyboardEvent,
  type Ref,
  type RefObject,
  useId,
  useImperativeHandle,
  useRef,
  useState,
} from 'react';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { inputClass } from '../ui/field.tsx';
import { OptionList } from '../ui/option-list.tsx';
import { rich, t } from '../words/t.ts';
import { Backdrop, boxClass } from './prompt-backdrop.tsx';
import { type InputNames, namePattern, type Option, optionsFor } from './prompt-options.ts';

const openPattern = /\{\{\s*([\p{L}\p{N}_.-]*)$/u;

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
  const { options, chosen, anchor, ...completion } = useCompletion(area, value, inputs);
  const isOpen = anchor !== undefined;
  const strangers = inputs.strangers(value);
  return (
    <div className="space-y-1.5">
      <div className="relative">
        <Backdrop
          text={value}
          strangers={strangers}
          anchor={anchor}
          list={(place) => (
            <OptionList
              id={listId}
              label={t('Inputs')}
              options={options}
              chosen={chosen}
              wordsOf={(option) => option}
              onTake={completion.take}
              onActive={completion.setActive}
              className="max-h-60 w-60"
              style={{ left: `min(${place.left}px, calc(100% - 15rem))`, top: place.top + 2 }}
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
            completion.setActive(0);
            completion.look();
          }}
          onKeyDown={completion.onKeyDown}
          onKeyUp={({ key }) => (/^(Arrow(Left|Right)|Home|End)$/.test(key) ? completion.look() : undefined)}
          onClick={completion.look}
          onBlur={() => {
            completion.close();
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
        {isOpen
          ? t('{options} inputs: arrow keys choose, Enter takes {name}', {
              options: options.length,
              name: options[chosen]?.name ?? '',
            })
          : ''}
      </p>
      <Strangers names={strangers} onDeclare={inputs.onDeclare} />
    </div>
  );
}

/** Names that no input has: a slip, or an input that is still to be added. */
const Strangers = ({ names, onDeclare }: { names: string[]; onDeclare(name: string): void }) =>
  names.map((name) => (
    <p key={name} className="flex flex-wrap items-center gap-x-2 gap-y-1 text-[13px] text-wait">
      <span>{rich('No input is called {name}.', { name: <code className="font-mono">{name}</code> })}</span>
      {namePattern.test(name) ? (
        <Button size="sm" onClick={() => onDeclare(name)}>
          {t('Add it to the inputs')}
        </Button>
      ) : null}
    </p>
  ));

/** Completes the name of an input while the caret stands behind `{{`: `anchor` is where that begins, undefined while there is nothing to choose. */
function useCompletion(area: RefObject<HTMLTextAreaElement | null>, value: string, inputs: InputNames) {
  const [caret, setCaret] = useState<number>();
  const [active, setActive] = useState(0);
  const typed = caret === undefined ? undefined : openPattern.exec(value.slice(0, caret));
  const options = typed ? optionsFor(typed[1] ?? '', inputs) : [];
  const chosen = Math.min(active, options.length - 1);
  const close = (): void => setCaret(undefined);
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
    close();
    if (option.isNew) inputs.onDeclare(option.name);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (options.length === 0) return;
    const option = options[chosen];
    if (event.key === 'ArrowDown') setActive((chosen + 1) % options.length);
    else if (event.key === 'ArrowUp') setActive((chosen + options.length - 1) % options.length);
    else if (event.key === 'Escape') close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && option) take(option);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const anchor = options.length > 0 ? typed?.index : undefined;
  return { options, chosen, anchor, setActive, look, take, close, onKeyDown };
}
