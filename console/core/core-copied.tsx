/** What is shown while Core has other reports of this VM: nothing is told until a person says which copy goes on. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

export function CoreCopied({ since }: { since: string }) {
  const queries = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const reconcile = useMutation({
    mutationFn: () => api.reconcileCore(),
    onSuccess: ({ countedAsReported, toReport }) =>
      say(
        t('Core is told again'),
        t(
          '{countedAsReported, plural, one {# execution} other {# executions}} counted as told; {toReport} to be told next.',
          { countedAsReported, toReport },
        ),
      ),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(false);
      await queries.invalidateQueries({ queryKey: ['core'] });
    },
  });
  return (
    <div role="alert" className="space-y-2 rounded-xl border border-bad/30 bg-bad-soft px-4 py-3">
      <p className="font-medium">{t('Core has other reports of this VM')}</p>
      <p className="text-ink-2">
        {rich(
          'Another copy of it reports, or its database was set back. Nothing is told since {ago}. Where another copy goes on, end the link here. Where this one does, or it was set back, reconcile.',
          { ago: <Ago at={since} /> },
        )}
      </p>
      <Button onClick={() => setAsked(true)}>{t('Reconcile')}</Button>
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => reconcile.mutate()}
        busy={reconcile.isPending}
        title={t('Is this the one that goes on?')}
        verb={t('Reconcile')}
      >
        {t(
          'No other copy of it may run. What ended before the end of the last report that Core has counts as told, so that nothing is billed twice; what ended since is told next.',
        )}
      </Confirm>
    </div>
  );
}
