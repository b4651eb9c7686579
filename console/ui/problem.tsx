import type { ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { CircleAlert } from './icons.tsx';

/** What went wrong, and what to do about it. */
export function ProblemNote({ error, action }: { error: unknown; action?: ReactNode }) {
  const problem = error instanceof ApiError ? error.problem : undefined;
  const said = problem?.detail ?? (error instanceof Error ? error.message : String(error));
  return (
    <div role="alert" className="flex gap-3 rounded-lg border border-bad/30 bg-bad-soft px-4 py-3">
      <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <div className="min-w-0 space-y-1">
        <p className="font-medium break-words">{said}</p>
        {problem?.errors?.length ? (
          <ul className="list-inside list-disc text-ink-2">
            {problem.errors.map(({ field, message }) => (
              <li key={`${field} ${message}`} className="break-words">
                <code className="text-[13px]">{field}</code> {message}
              </li>
            ))}
          </ul>
        ) : null}
        {problem?.remedy ? <p className="text-ink-2 break-words">{problem.remedy}</p> : null}
        {action}
      </div>
    </div>
  );
}
