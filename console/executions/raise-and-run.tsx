/** Of a run that met a cap: raises it, and runs again what did not fit, at one press. */
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Execution, RetryRequest } from '../../src/contract/executions.ts';
import { api } from '../api/api.ts';
import { RaiseMetCap, useMetCap } from '../skills/raise-cap.tsx';
import { useRaise } from '../skills/use-raise.ts';
import { Button } from '../ui/button.tsx';
import { money } from '../ui/format.ts';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { doneBefore, turnIn } from './retry-facts.ts';

export function RaiseAndRun({ execution }: { execution: Execution }) {
  const navigate = useNavigate();
  const met = useMetCap(execution);
  const raise = useRaise();
  const again = useMutation({
    mutationFn: (body: RetryRequest) => api.retryExecution({ params: { id: execution.id }, body }),
    onSuccess: ({ executionId }) => navigate({ to: '/executions/$id', params: { id: executionId } }),
    onError: sayProblem,
  });
  if (met === undefined) return null;
  // Where more of the skill is other than its cap, which version is meant is asked ("Run again").
  const isSame = met.skill.version === execution.skillVersion;
  const canRun = isSame && execution.purgedAt === null && execution.mode === 'live' && !turnIn(execution);
  const body: RetryRequest = { from: doneBefore(execution) > 0 ? 'failed' : 'start', version: 'current' };
  return (
    <>
      {canRun ? (
        <Button
          size="sm"
          busy={raise.isPending || again.isPending}
          onClick={() => raise.mutate(met, { onSuccess: () => again.mutate(body) })}
        >
          {t('Raise to {amount} and run again', { amount: money(met.raise.toUsd) })}
        </Button>
      ) : null}
      <RaiseMetCap run={execution} />
    </>
  );
}
