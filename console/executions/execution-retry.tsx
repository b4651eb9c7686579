/** Runs an execution again: from where, and with which version of the skill, where there is a choice. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Execution, RetryRequest } from '../../src/contract/executions.ts';
import { api } from '../api/api.ts';
import { skillsQuery } from '../api/queries.ts';
import { Button, buttonClass } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Play } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';
import { likelyVersion } from './likely-version.ts';
import { doneBefore, turnIn } from './retry-facts.ts';
import { VersionChoice } from './version-choice.tsx';

/** A turn of a conversation is tried again where it was said. */
export function RetryButton({ execution }: { execution: Execution }) {
  const turn = turnIn(execution);
  return turn === undefined ? (
    <RunAgain execution={execution} />
  ) : (
    <Link to="/chat/$id" params={{ id: turn }} className={buttonClass('plain')}>
      {t('In its conversation')}
    </Link>
  );
}

function RunAgain({ execution }: { execution: Execution }) {
  const navigate = useNavigate();
  const skills = useQuery(skillsQuery);
  const skill = skills.data?.find(({ slug }) => slug === execution.skillSlug);
  const [isOpen, setOpen] = useState(false);
  const again = useMutation({
    mutationFn: (body: RetryRequest) => api.retryExecution({ params: { id: execution.id }, body }),
    onSuccess: async ({ executionId }) => {
      setOpen(false);
      await navigate({ to: '/executions/$id', params: { id: executionId } });
    },
    onError: (error) => (isOpen ? undefined : sayProblem(error)),
  });
  const done = doneBefore(execution);
  const canGoOn = execution.status !== 'succeeded' && done > 0;
  const hasOther = skill !== undefined && skill.version !== execution.skillVersion;
  const isGone = skills.data !== undefined && skill === undefined;
  const why = isGone
    ? t('Its skill was removed: there is nothing left to run.')
    : execution.purgedAt === null
      ? undefined
      : t('Its input was purged: there is nothing left to run again.');
  return (
    <>
      <Button
        icon={<Play className="size-4" />}
        busy={again.isPending && !isOpen}
        // Before the skill is known nobody can be asked which version is meant.
        disabled={why !== undefined || skills.isPending}
        title={why}
        aria-haspopup={canGoOn || hasOther ? 'dialog' : undefined}
        onClick={() =>
          canGoOn || hasOther ? setOpen(true) : again.mutate({ from: 'start', version: 'original' })
        }
      >
        {t('Run again')}
      </Button>
      {isOpen ? (
        <RetryDialog
          execution={execution}
          done={canGoOn ? done : 0}
          current={hasOther ? skill.version : undefined}
          error={again.error}
          busy={again.isPending}
          onRetry={(body) => again.mutate(body)}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

function RetryDialog({
  execution,
  done,
  current,
  error,
  busy,
  onRetry,
  onClose,
}: {
  execution: Execution;
  /** Steps whose results can be carried over. */
  done: number;
  /** The version of the skill as it is now, where it is another. */
  current: number | undefined;
  error: unknown;
  busy: boolean;
  onRetry(body: RetryRequest): void;
  onClose(): void;
}) {
  const [from, setFrom] = useState<RetryRequest['from']>(done > 0 ? 'failed' : 'start');
  const [version, setVersion] = useState(() => likelyVersion(execution, current));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Run again')}
      lead={t('A new run with the same input; this one stays on record.')}
      footer={
        <>
          <Button onClick={onClose}>{t('Leave it')}</Button>
          <Button look="primary" busy={busy} onClick={() => onRetry({ from, version })}>
            {execution.mode === 'rehearsal' ? t('Rehearse again') : t('Run')}
          </Button>
        </>
      }
    >
      <div className="space-y-5">
        {done === 0 ? null : (
          <ChoiceCards<RetryRequest['from']>
            name="from"
            legend={t('From where')}
            isLegendShown
            picked={from}
            onPick={setFrom}
            cards={[
              [
                'failed',
                t('Step {done}, where it ended', { done: done + 1 }),
                t(
                  'What the {done, plural, one {step} other {# steps}} before found is carried over; nothing of it is done or paid for again.',
                  { done },
                ),
              ],
              ['start', t('The start'), t('Every step is done anew, also what it changed the first time.')],
            ]}
          />
        )}
        {current === undefined ? null : (
          <VersionChoice
            execution={execution}
            current={current}
            isCarriedOver={done > 0 && from === 'failed'}
            picked={version}
            onPick={setVersion}
          />
        )}
        {error === null || error === undefined ? null : <ProblemNote error={error} />}
      </div>
    </Dialog>
  );
}
