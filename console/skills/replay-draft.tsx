/** In the editor: the last run of the skill gone through again with what is written here, before any of it is saved. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useFormContext } from 'react-hook-form';
import { isFinal } from '../../src/contract/execution-status.ts';
import type { SkillDefinition } from '../../src/contract/skills.ts';
import { api } from '../api/api.ts';
import { executionsQuery } from '../api/queries.ts';
import { ComparisonView } from '../executions/comparison-view.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { RotateCcw } from '../ui/more-icons.tsx';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { bodyOf, type SkillDraft } from './skill-draft.ts';

export function ReplayDraft({ slug }: { slug: string }) {
  const { getValues } = useFormContext<SkillDraft>();
  const runs = useInfiniteQuery(executionsQuery({ skill: slug }, 20));
  const last = runs.data?.pages[0]?.items.find(
    ({ mode, status, purgedAt }) => mode !== 'replay' && isFinal(status) && purgedAt === null,
  );
  const [shown, setShown] = useState<string>();
  const replay = useMutation({
    mutationFn: (id: string) =>
      api.replayExecution({
        params: { id },
        body: { definition: bodyOf(getValues()) as SkillDefinition },
      }),
    onSuccess: ({ executionId }) => setShown(executionId),
    onError: sayProblem,
  });
  return (
    <>
      <Button
        icon={<RotateCcw className="size-4" />}
        busy={replay.isPending}
        disabled={last === undefined}
        title={
          last === undefined && !runs.isPending
            ? t('There is no run of it whose content is kept: run it once.')
            : t(
                'Goes through the last run again with what is written here. No tool is called, and nothing is saved.',
              )
        }
        onClick={() => last && replay.mutate(last.id)}
      >
        <span>
          {rich('Replay the last run<more> with this draft</more>', {
            more: (words) => <span className="hidden sm:inline">{words}</span>,
          })}
        </span>
      </Button>
      {shown === undefined ? null : (
        <Dialog
          open
          width="xl"
          onClose={() => setShown(undefined)}
          title={t('The last run, and what this draft makes of it')}
          lead={t('No tool was called, and nothing is saved: it is kept as an execution of its own.')}
          footer={
            <a
              href={`/executions/${shown}/comparison`}
              target="_blank"
              rel="noreferrer"
              className="text-[13px] font-medium text-accent hover:underline"
            >
              {t('Open it in a page of its own')}
            </a>
          }
        >
          <ComparisonView id={shown} />
        </Dialog>
      )}
    </>
  );
}
