/** A form that does one thing: its fields, why the thing could not be done, and the button that does it. */
import type { FormEvent, ReactNode } from 'react';
import { Button } from './button.tsx';
import { ProblemNote } from './problem.tsx';

/** What the form does: a mutation that takes nothing, as the fields are its caller's. */
type Act = { mutate(): void; error: unknown; isPending: boolean };

export function ActForm({
  act,
  verb,
  look = 'primary',
  isReady = true,
  className = 'space-y-4',
  children,
}: {
  act: Act;
  verb: string;
  look?: 'primary' | 'plain';
  /** Whether the fields are such that the button may be pressed. */
  isReady?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const submit = (event: FormEvent) => {
    event.preventDefault();
    act.mutate();
  };
  return (
    <form onSubmit={submit} className={className}>
      {children}
      {act.error ? <ProblemNote error={act.error} /> : null}
      <Button type="submit" look={look} busy={act.isPending} disabled={!isReady}>
        {verb}
      </Button>
    </form>
  );
}
