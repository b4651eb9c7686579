/** Any JSON value, folded where it is large; everything in it is shown as text. */
import { type ReactNode, useState } from 'react';
import { visibleJson, visibleJsonLine, visibleText } from '../../src/contract/visible.ts';
import { t } from '../words/t.ts';
import { cx } from './cx.ts';

const tones = {
  string: 'text-good',
  number: 'text-accent',
  boolean: 'text-wait',
  object: 'text-ink-3',
} as const;

type TreeProps = {
  value: unknown;
  name?: string;
  depth?: number;
  /** How deep it is open at first. */
  openTo?: number;
};

function JsonTree({ value, name, depth = 0, openTo = 2 }: TreeProps) {
  const label = name === undefined ? null : <span className="text-ink-2">{visibleText(name)}: </span>;
  if (typeof value !== 'object' || value === null) {
    const tone = tones[typeof value as keyof typeof tones] ?? 'text-ink';
    return (
      <div className="break-words whitespace-pre-wrap">
        {label}
        <span className={tone}>
          {typeof value === 'string' && depth === 0 ? value : visibleJsonLine(value)}
        </span>
      </div>
    );
  }
  return <Branch value={value} label={label} depth={depth} openTo={openTo} />;
}

/** How many entries are shown at once, before one asks for more. */
const most = 200;

function Branch({
  value,
  label,
  depth,
  openTo,
}: {
  value: object;
  label: ReactNode;
  depth: number;
  openTo: number;
}) {
  const entries = Object.entries(value);
  const [isOpen, setOpen] = useState(depth < openTo && entries.length <= 50);
  const [shown, setShown] = useState(most);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (entries.length === 0) {
    return (
      <div>
        {label}
        <span className="text-ink-3">
          {open}
          {close}
        </span>
      </div>
    );
  }
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="marker:text-ink-3">
        {label}
        <span className="text-ink-3">
          {open} {entries.length} {close}
        </span>
      </summary>
      {isOpen ? (
        // What is closed is not drawn: a trace may hold megabytes.
        <div className="border-l border-line pl-4">
          {entries.slice(0, shown).map(([key, inner]) => (
            <JsonTree key={key} name={key} value={inner} depth={depth + 1} openTo={openTo} />
          ))}
          {entries.length > shown ? (
            <button
              type="button"
              onClick={() => setShown(shown + most)}
              className="text-ink-2 underline-offset-2 hover:text-ink hover:underline"
            >
              {t('{entries} more', { entries: entries.length - shown })}
            </button>
          ) : null}
        </div>
      ) : null}
    </details>
  );
}

/** JSON in a box of its own. */
export const JsonBox = ({ value, isTall = false }: { value: unknown; isTall?: boolean }) => (
  <div
    className={cx(
      isTall ? 'max-h-[75dvh]' : 'max-h-96',
      'overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] leading-relaxed',
    )}
  >
    <JsonTree value={value} openTo={isSmall(value) ? 10 : 2} />
  </div>
);

/** JSON whole, nothing folded and nothing hidden: what a person decides about. */
export const ExactJson = ({ value }: { value: unknown }) => (
  <pre
    dir="ltr"
    className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] leading-relaxed break-words whitespace-pre-wrap"
  >
    {visibleJson(value)}
  </pre>
);

/** Whether all of it may stand open at once: it is looked at no further than that. */
function isSmall(value: unknown): boolean {
  const left: unknown[] = [value];
  for (let seen = 0; left.length > 0; seen++) {
    if (seen + left.length > 60) return false;
    const one = left.pop();
    if (typeof one === 'object' && one !== null) left.push(...Object.values(one).slice(0, 61));
  }
  return true;
}
