import type { ReactNode } from 'react';
import { ProblemNote } from '../ui/problem.tsx';

/** The end of the page, always in sight: above the places on a phone. */
export const ComposerPlace = ({ error, children }: { error: unknown; children: ReactNode }) => (
  <div className="sticky bottom-[calc(3.5rem+env(safe-area-inset-bottom))] z-5 mx-auto w-full max-w-3xl space-y-2 bg-page pt-2 pb-3 md:bottom-0 md:pb-5">
    {error ? <ProblemNote error={error} /> : null}
    {children}
  </div>
);
