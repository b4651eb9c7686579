import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../api/api.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { plural } from '../ui/format.ts';
import { say, sayProblem } from '../ui/toast.tsx';

/** Calls off all runs of a skill that wait or go on. */
export function CancelRuns({ slug }: { slug: string }) {
  const [isOpen, setOpen] = useState(false);
  const queries = useQueryClient();
  const cancel = useMutation({
    mutationFn: () => api.cancelSkillRuns({ params: { slug } }),
    onSuccess: ({ cancelled }) => {
      setOpen(false);
      say(cancelled === 0 ? 'None waits or goes on' : `${plural(cancelled, 'run')} called off`);
      return queries.invalidateQueries({ queryKey: ['executions'] });
    },
    onError: sayProblem,
  });
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)}>
        Cancel all that wait or run
      </Button>
      <Confirm
        open={isOpen}
        onClose={() => setOpen(false)}
        title="Cancel every run of this skill that waits or goes on?"
        verb="Cancel them"
        keep="Let them run"
        busy={cancel.isPending}
        onConfirm={() => cancel.mutate()}
      >
        Those that wait do not begin; those under way end in a moment. What they did so far stays on record.
      </Confirm>
    </>
  );
}
