import type { ReactNode } from 'react';
import { t } from '../words/t.ts';
import { GoTo } from './go-to.tsx';
import { CircleAlert } from './icons.tsx';
import { wordsOf } from './problem-words.ts';

/** What went wrong, and what to do about it. It comes into view: who pressed Save below must not miss it. */
export function ProblemNote({ error, action }: { error: unknown; action?: ReactNode }) {
  const { said, log, fields, remedy } = wordsOf(error);
  return (
    <div
      role="alert"
      ref={intoView}
      className="flex scroll-my-24 gap-3 rounded-lg border border-bad/30 bg-bad-soft px-4 py-3"
    >
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 space-y-1">
        <p className="font-medium break-words">{said}</p>
        {fields.length > 0 ? (
          <ul className="list-inside list-disc text-ink-2">
            {fields.map(({ name, message }) => (
              <li key={`${name} ${message}`} className="break-words">
                {name === '' ? null : <span className="font-medium text-ink">{name}</span>} {message}
              </li>
            ))}
          </ul>
        ) : null}
        {log === undefined ? null : <Log text={log} />}
        {remedy === undefined ? null : (
          <p className="text-ink-2 break-words">
            {remedy.words} {remedy.to === undefined ? null : <GoTo to={remedy.to}>{remedy.link}</GoTo>}
          </p>
        )}
        {action}
      </div>
    </div>
  );
}

// In a block: what it gives, a promise in newer browsers, would be taken for a clean-up.
const intoView = (note: HTMLElement | null): void => {
  note?.scrollIntoView({ block: 'nearest' });
};

/** All that a program told, folded away. */
export const Log = ({ text }: { text: string }) => (
  <details>
    <summary className="text-[13px] text-ink-2">{t('The whole message')}</summary>
    <pre className="mt-1 max-h-40 overflow-auto font-mono text-xs break-words whitespace-pre-wrap">
      {text}
    </pre>
  </details>
);
