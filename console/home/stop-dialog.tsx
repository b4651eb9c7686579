/** Asks before everything is stopped. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../api/api.ts';
import { Confirm } from '../ui/dialog.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

export function StopDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const queries = useQueryClient();
  const stop = useMutation({
    mutationFn: () => api.stopAll(),
    onSuccess: ({ cancelled }) =>
      say(
        t('Everything is stopped, {cancelled, plural, one {# run} other {# runs}} cancelled', { cancelled }),
      ),
    onError: sayProblem,
    onSettled: () => {
      onClose();
      return queries.invalidateQueries();
    },
  });
  return (
    <Confirm
      open={open}
      onClose={onClose}
      onConfirm={() => stop.mutate()}
      busy={stop.isPending}
      title={t('Stop everything?')}
      verb={t('Stop everything')}
    >
      {t(
        'Runs under way are cancelled, and nothing starts any more, by schedule, webhook, chat or another program, until you say so. What you start by hand still runs.',
      )}
    </Confirm>
  );
}
