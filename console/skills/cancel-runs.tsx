import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

/** Calls off all runs of a skill that wait or go on. */
export function CancelRuns({ slug }: { slug: string }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.cancelSkillRuns({ params: { slug } }),
    onSuccess: ({ cancelled }) => {
      setOpen(false);
      say(
        cancelled === 0
          ? t('None waits or goes on')
          : t('{cancelled, plural, one {# run} other {# runs}} called off', { cancelled }),
      );
      return queries.invalidateQueries({ queryKey: ['executions'] });
    },
    onError: sayProblem,
  });
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        {t('Cancel all that wait or run')}
      </Button>
      <Confirm
        open={isOpen}
        onClose={() => setOpen(false)}
        title={t('Cancel every run of this skill that waits or goes on?')}
        verb={t('Cancel them')}
        keep={t('Let them run')}
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      >
        {t(
          'Those that wait do not begin; those under way end in a moment. What they did so far stays on record.',
        )}
      </Confirm>
    </>
  );
}
