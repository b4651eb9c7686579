/** Any JSON value, folded where it is large; everything in it is shown as text. */
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

export function JsonTree({ value, name, depth = 0, openTo = 2 }: TreeProps) {
  const label = name === undefined ? null : <span className="text-ink-2">{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    const tone = tones[typeof value as keyof typeof tones] ?? 'text-ink';
    return (
      <div className="break-words whitespace-pre-wrap">
        {label}
        <span className={tone}>
          {typeof value === 'string' && depth === 0 ? value : JSON.stringify(value)}
        </span>
      </div>
    );
  }
  const entries = Object.entries(value);
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
    <details open={depth < openTo && entries.length <= 50}>
      <summary className="marker:text-ink-3">
        {label}
        <span className="text-ink-3">
          {open} {entries.length} {close}
        </span>
      </summary>
      <div className={cx('border-l border-line pl-4')}>
        {entries.map(([key, inner]) => (
          <JsonTree key={key} name={key} value={inner} depth={depth + 1} openTo={openTo} />
        ))}
      </div>
    </details>
  );
}

/** JSON in a box of its own. */
export const JsonBox = ({ value }: { value: unknown }) => (
  <div className="max-h-96 overflow-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px] leading-relaxed">
    <JsonTree value={value} openTo={isSmall(value) ? 10 : 2} />
  </div>
);

const isSmall = (value: unknown): boolean => (JSON.stringify(value)?.length ?? 0) < 2000;
