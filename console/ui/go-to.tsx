/** A link in texts that Core's page shows too, which has no router: where there is one, it is told to main.tsx's. */
import type { MouseEvent, ReactNode } from 'react';

let go = (to: string): void => location.assign(to);

/** From now on links are followed so. */
export function followBy(follow: (to: string) => void): void {
  go = follow;
}

export function GoTo({ to, children }: { to: string; children: ReactNode }) {
  const follow = (event: MouseEvent) => {
    // Another tab or window is the browser's own affair.
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a href={to} onClick={follow} className="font-medium text-accent hover:underline">
      {children}
    </a>
  );
}
