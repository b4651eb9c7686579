/** A row of a list that folds open. What is in its head sees `group-aria-expanded:`. */
import { type ReactNode, useState } from 'react';
import { ChevronRight } from './more-icons.tsx';

export function FoldRow({ head, children }: { head: ReactNode; children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="group flex w-full items-start gap-3 px-4 py-2.5 text-left hover:bg-hover"
      >
        <ChevronRight
          aria-hidden="true"
          className="mt-1 size-3.5 shrink-0 text-ink-3 transition-transform group-aria-expanded:rotate-90"
        />
        {head}
      </button>
      {isOpen ? <div className="space-y-4 px-4 pt-1 pb-4 pl-10">{children}</div> : null}
    </div>
  );
}
