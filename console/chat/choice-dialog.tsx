/** What a conversation may use: everything that is ready, or what is chosen here; and which model answers. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { connectionsQuery, modelQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { ChoiceCards } from '../ui/choice-cards.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { allOf, type Choice } from './tool-choice.ts';
import { ToolUses } from './tool-uses.tsx';

const efforts = ['low', 'medium', 'high', 'xhigh', 'max'] as const;
const effortWords = {
  low: t('low'),
  medium: t('medium'),
  high: t('high'),
  xhigh: t('very high'),
  max: t('the most'),
} satisfies Record<(typeof efforts)[number], string>;

export function ChoiceDialog({
  choice,
  onSave,
  onClose,
}: {
  choice: Choice;
  onSave(choice: Choice): Promise<unknown>;
  onClose(): void;
}) {
  const [draft, setDraft] = useState(choice);
  const connections = useQuery(connectionsQuery);
  const save = useMutation({ mutationFn: () => onSave(draft), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t('What this conversation may use')}
      lead={t('It counts from the next message on. What a page or a mail says never changes it.')}
      footer={
        <>
          <Button look="quiet" onClick={onClose}>
            {t('Leave it as it is')}
          </Button>
          <Button type="submit" form="choice" look="primary" busy={save.isPending}>
            {t('Save')}
          </Button>
        </>
      }
    >
      <form id="choice" onSubmit={submit} className="space-y-4">
        <Kinds
          isOwn={draft.tools !== null}
          isKnown={connections.data !== undefined}
          onOwn={(isOwn) =>
            setDraft({ ...draft, tools: isOwn ? allOf(connections.data ?? []) : null, unasked: [] })
          }
        />
        {draft.tools === null ? null : (
          <ToolUses choice={draft} connections={connections.data ?? []} onChoice={setDraft} />
        )}
        <ModelChoice choice={draft} onChoice={setDraft} />
        {save.error ? <ProblemNote error={save.error} /> : null}
      </form>
    </Dialog>
  );
}

const kinds = [
  [
    false,
    t('Everything that is ready'),
    t('Tools that only read are used unasked; before all others it asks you.'),
  ],
  [true, t('Only what I choose'), t('Tool by tool: not at all, after asking, or unasked.')],
] as const;

const Kinds = ({
  isOwn,
  isKnown,
  onOwn,
}: {
  isOwn: boolean;
  /** Whether it is known what there is to choose from. */
  isKnown: boolean;
  onOwn(isOwn: boolean): void;
}) => (
  <ChoiceCards
    name="which-tools"
    legend={t('Which tools')}
    cards={kinds}
    picked={isOwn}
    onPick={onOwn}
    disabled={!isKnown}
  />
);

function ModelChoice({ choice, onChoice }: { choice: Choice; onChoice(choice: Choice): void }) {
  const model = useQuery(modelQuery);
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Field label={t('Model')} hint={t('Empty: the one in the settings.')}>
        {(props) => (
          <Input
            {...props}
            value={choice.model ?? ''}
            placeholder={model.data?.model}
            spellCheck={false}
            onChange={({ target }) => onChoice({ ...choice, model: target.value.trim() || null })}
          />
        )}
      </Field>
      <Field label={t('Effort')} hint={t('How much it thinks before it answers, where the model can.')}>
        {(props) => (
          <Select
            {...props}
            value={choice.effort ?? ''}
            onChange={({ target }) =>
              onChoice({ ...choice, effort: efforts.find((effort) => effort === target.value) ?? null })
            }
          >
            <option value="">{t('as the model has it')}</option>
            {efforts.map((effort) => (
              <option key={effort} value={effort}>
                {effortWords[effort]}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
