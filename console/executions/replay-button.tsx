/** Goes through a past run again by what its tools answered then: which version of the skill, and which model. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import type { Execution } from '../../src/contract/executions.ts';
import type { ReplayRequest } from '../../src/contract/replay.ts';
import { api } from '../api/api.ts';
import { modelQuery, skillsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { RotateCcw } from '../ui/more-icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';

type Version = NonNullable<ReplayRequest['version']>;

export function ReplayButton({ execution }: { execution: Execution }) {
  const [isOpen, setOpen] = useState(false);
  const isPurged = execution.purgedAt !== null;
  return (
    <>
      <Button
        icon={<RotateCcw className="size-4" />}
        disabled={isPurged}
        title={
          isPurged ? t('What its tools answered was purged: there is nothing left to replay.') : undefined
        }
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {t('Replay')}
      </Button>
      {isOpen ? <ReplayDialog execution={execution} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function ReplayDialog({ execution, onClose }: { execution: Execution; onClose(): void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const skills = useQuery(skillsQuery);
  const skill = skills.data?.find(({ slug }) => slug === execution.skillSlug);
  const [version, setVersion] = useState<Version>();
  const [name, setName] = useState('');
  const picked = version ?? (skill === undefined ? 'original' : 'current');
  const replay = useMutation({
    mutationFn: () =>
      api.replayExecution({
        params: { id: execution.id },
        body: { version: picked, ...(name.trim() === '' ? {} : { model: name.trim() }) },
      }),
    onSuccess: async ({ executionId }) => {
      await queries.invalidateQueries({ queryKey: ['executions'] });
      await navigate({ to: '/executions/$id/comparison', params: { id: executionId } });
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Replay this run')}
      lead={t(
        'No tool is called and nothing is changed: what the tools answered then answers again. Only the model is asked.',
      )}
      footer={
        <>
          <Button onClick={onClose}>{t('Leave it')}</Button>
          <Button look="primary" busy={replay.isPending} onClick={() => replay.mutate()}>
            {t('Replay')}
          </Button>
        </>
      }
    >
      <form
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          replay.mutate();
        }}
      >
        {skill === undefined ? (
          <p className="text-ink-2">{t('Its skill was removed: the version that ran is replayed.')}</p>
        ) : skill.version === execution.skillVersion ? null : (
          <ChoiceCards<Version>
            name="version"
            legend={t('Which version of the skill')}
            cards={[
              [
                'current',
                t('Version {version}, as it is now', { version: skill.version }),
                t('With what was changed since.'),
              ],
              [
                'original',
                t('Version {skillVersion}, as it ran', { skillVersion: execution.skillVersion }),
                t('To try another model on the same.'),
              ],
            ]}
            picked={picked}
            onPick={setVersion}
          />
        )}
        <ModelField value={name} usual={skill?.model} onValue={setName} />
        {replay.error ? <ProblemNote error={replay.error} /> : null}
      </form>
    </Dialog>
  );
}

function ModelField({
  value,
  usual,
  onValue,
}: {
  value: string;
  /** The skill's own. */
  usual: string | null | undefined;
  onValue(name: string): void;
}) {
  const model = useQuery(modelQuery);
  const isRehearsing = model.data?.rehearsal === true;
  return (
    <Field
      label={t('Model')}
      hint={
        isRehearsing
          ? t(
              'No model is set, so the built-in rehearsal model answers: it costs nothing, and understands nothing.',
            )
          : t(
              'Empty: the skill’s own. “rehearsal” is the built-in one, which costs nothing; any other is paid for, within your caps.',
            )
      }
    >
      {(props) => (
        <Input
          {...props}
          value={value}
          disabled={isRehearsing}
          placeholder={usual ?? model.data?.model}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          onChange={({ target }) => onValue(target.value)}
        />
      )}
    </Field>
  );
}
