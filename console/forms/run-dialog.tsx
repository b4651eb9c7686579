/** Starts a skill: a field for each input that its schema or its prompts name; live, or as a rehearsal. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import { ApiError, api } from '../api/client.ts';
import { modelQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { type InputField, inputFieldsOf, typedValue } from './input-fields.ts';

export function RunDialog({ skill, open, onClose }: { skill: Skill; open: boolean; onClose(): void }) {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const model = useQuery(modelQuery);
  const fields = inputFieldsOf(skill);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const start = useMutation({
    mutationFn: (mode: 'live' | 'rehearsal') => {
      const input = Object.fromEntries(
        fields.flatMap((field) => {
          const text = texts[field.name] ?? field.initial;
          return text === '' ? [] : [[field.name, typedValue(field, text)]];
        }),
      );
      return api<{ executionId: string }>('POST', `/api/v1/skills/${skill.slug}/run`, { input, mode });
    },
    onSuccess: async ({ executionId }) => {
      await queries.invalidateQueries({ queryKey: ['executions'] });
      await navigate({ to: '/executions/$id', params: { id: executionId } });
    },
  });
  const wrong = start.error instanceof ApiError ? (start.error.problem.errors ?? []) : [];
  const errorOf = (name: string) =>
    wrong.find(({ field }) => field === `/input/${name}` || field.startsWith(`/input/${name}/`))?.message;
  const named = new Set(fields.map(({ name }) => name));
  const isShownAtFields =
    wrong.length > 0 && wrong.every(({ field }) => named.has(field.split('/')[2] ?? ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate('live');
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Run ${skill.name}`}
      lead={
        model.data?.rehearsal
          ? 'No model is set, so this is a rehearsal: read-only tools are called, nothing is changed, nothing costs.'
          : 'A rehearsal calls read-only tools alone, changes nothing and costs nothing.'
      }
      footer={
        <>
          {model.data?.rehearsal ? null : (
            <Button
              busy={start.isPending && start.variables === 'rehearsal'}
              onClick={() => start.mutate('rehearsal')}
            >
              Rehearse
            </Button>
          )}
          <Button
            look="primary"
            type="submit"
            form="run-skill"
            busy={start.isPending && start.variables === 'live'}
          >
            {model.data?.rehearsal ? 'Rehearse' : 'Run'}
          </Button>
        </>
      }
    >
      <form id="run-skill" onSubmit={submit} className="space-y-4">
        {fields.length === 0 ? <p className="text-ink-2">It needs nothing to be filled in.</p> : null}
        {fields.map((field) => (
          <Field
            key={field.name}
            label={
              <>
                {field.title}{' '}
                {field.required ? null : <span className="font-normal text-ink-3">may be empty</span>}
              </>
            }
            hint={field.description}
            error={errorOf(field.name)}
          >
            {(props) => (
              <InputOf
                field={field}
                value={texts[field.name] ?? field.initial}
                onValue={(text) => setTexts({ ...texts, [field.name]: text })}
                {...props}
              />
            )}
          </Field>
        ))}
        {start.error && !isShownAtFields ? <ProblemNote error={start.error} /> : null}
      </form>
    </Dialog>
  );
}

function InputOf({
  field,
  value,
  onValue,
  ...props
}: {
  field: InputField;
  value: string;
  onValue(text: string): void;
  id: string;
}) {
  const shared = {
    ...props,
    value,
    required: field.required,
    onChange: (event: { target: { value: string } }) => onValue(event.target.value),
  };
  if (field.choices) {
    return (
      <Select {...shared}>
        <option value="">choose</option>
        {field.choices.map((choice) => (
          <option key={choice}>{choice}</option>
        ))}
      </Select>
    );
  }
  if (field.kind === 'number' || field.kind === 'integer') {
    return <Input type="number" step={field.kind === 'integer' ? 1 : 'any'} {...shared} />;
  }
  return field.kind === 'string' && !field.isLong ? (
    <Input {...shared} />
  ) : (
    <TextArea className={field.kind === 'json' ? 'font-mono text-[13px]' : ''} {...shared} />
  );
}
