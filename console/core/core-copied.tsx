/** What is shown while Core has other reports of this VM: nothing is told until a person says which copy goes on. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

export function CoreCopied({ since }: { since: string }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const reconcile = useMutation({
    mutationFn: () => api.reconcileCore(),
    onSuccess: ({ countedAsReported, toReport }) =>
      say(
        'Core is told again',
        `${plural(countedAsReported, 'execution')} counted as told; ${toReport} to be told next.`,
      ),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: ['core'] });
    },
  });
  return (
    <div role="alert" className="space-y-2 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
      <p className="font-medium">Core has other reports of this VM</p>
      <p className="text-ink-2">
        Another copy of it reports, or its database was set back. Nothing is told since <Ago at={since} />.
        Where another copy goes on, end the link here. Where this one does, or it was set back, reconcile.
      </p>
      <Button onClick={() => setAsked(true)}>Reconcile</Button>
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => reconcile.mutate()}
        busy={reconcile.isPending}
        title="Is this the one that goes on?"
        verb="Reconcile"
      >
        No other copy of it may run. What ended before the end of the last report that Core has counts as
        told, so that nothing is billed twice; what ended since is told next.
      </Confirm>
    </div>
  );
}
