/** Writes a skill: what it is called, its steps in order, what starts it, and its limits. */

import { useQuery } from '@tanstack/react-query';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useFieldArray, useForm } from 'react-hook-form';
import type { Skill } from '../../src/contract/skills.ts';
import { ApiError } from '../api/client.ts';
import { schedulePreviewQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { dayTime } from '../ui/format.ts';
import { Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { draftOf, type SkillDraft } from './skill-draft.ts';
import { ToolPicker } from './tool-picker.tsx';

export function SkillForm({
  skill,
  isNew,
  error,
  busy,
  onSave,
  onCancel,
}: {
  skill: Skill | undefined;
  isNew: boolean;
  error: unknown;
  busy: boolean;
  onSave(draft: SkillDraft): void;
  onCancel(): void;
}) {
  const form = useForm<SkillDraft>({ defaultValues: draftOf(skill) });
  const { register, control, handleSubmit, watch, setValue, formState } = form;
  const steps = useFieldArray({ control, name: 'steps' });
  const wrong = error instanceof ApiError ? (error.problem.errors ?? []) : [];
  const said = (pointer: string): string | undefined => wrong.find(({ field }) => field === pointer)?.message;
  const trigger = watch('triggerType');
  return (
    <form className="space-y-5" onSubmit={(event) => void handleSubmit(onSave)(event)} noValidate>
      <Panel title="What it is">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" error={formState.errors.name?.message ?? said('/name')}>
            {(props) => (
              <Input
                {...props}
                {...register('name', {
                  required: 'A skill needs a name.',
                  onChange: (event) => {
                    if (isNew && !formState.dirtyFields.slug) setValue('slug', slugOf(event.target.value));
                  },
                })}
              />
            )}
          </Field>
          <Field
            label="Slug"
            hint="Its name in commands, hooks and the address."
            error={formState.errors.slug?.message ?? said('/slug')}
          >
            {(props) => (
              <Input
                {...props}
                {...register('slug', {
                  required: 'A skill needs a slug.',
                  pattern: {
                    value: /^[a-z0-9]+(-[a-z0-9]+)*$/,
                    message: 'Use lower-case letters and digits, with single hyphens between them.',
                  },
                })}
                className="font-mono"
              />
            )}
          </Field>
          <div className="sm:col-span-2">
            <Field label="What it does" hint="In a sentence." error={said('/description')}>
              {(props) => <Input {...props} {...register('description')} />}
            </Field>
          </div>
        </div>
      </Panel>

      <Panel
        title="Steps"
        aside={
          <span className="text-[13px] text-ink-2">{'{{name}}'} takes the run’s input of that name</span>
        }
      >
        <ol className="space-y-4">
          {steps.fields.map((field, index) => (
            <li key={field.id} className="rounded-lg border border-line p-3 sm:p-4">
              <div className="mb-3 flex items-center gap-1">
                <span className="mr-auto font-semibold">Step {index + 1}</span>
                <StepButton
                  label="Move up"
                  disabled={index === 0}
                  onClick={() => steps.move(index, index - 1)}
                >
                  <ArrowUp className="size-4" />
                </StepButton>
                <StepButton
                  label="Move down"
                  disabled={index === steps.fields.length - 1}
                  onClick={() => steps.move(index, index + 1)}
                >
                  <ArrowDown className="size-4" />
                </StepButton>
                <StepButton
                  label="Remove"
                  disabled={steps.fields.length === 1}
                  onClick={() => steps.remove(index)}
                >
                  <Trash2 className="size-4" />
                </StepButton>
              </div>
              <div className="space-y-4">
                <Field
                  label="What to do"
                  error={formState.errors.steps?.[index]?.prompt?.message ?? said(`/steps/${index}/prompt`)}
                >
                  {(props) => (
                    <TextArea
                      {...props}
                      {...register(`steps.${index}.prompt`, { required: 'Say what is to be done.' })}
                    />
                  )}
                </Field>
                <Field
                  label="How to do it well"
                  hint="Guidance: may be empty."
                  error={said(`/steps/${index}/guidance`)}
                >
                  {(props) => (
                    <TextArea {...props} {...register(`steps.${index}.guidance`)} className="min-h-14" />
                  )}
                </Field>
                <ToolPicker
                  names={watch(`steps.${index}.allowedTools`)}
                  error={
                    wrong.find(({ field: at }) => at.startsWith(`/steps/${index}/allowedTools`))?.message
                  }
                  onNames={(names) => setValue(`steps.${index}.allowedTools`, names, { shouldDirty: true })}
                />
              </div>
            </li>
          ))}
        </ol>
        <Button
          className="mt-4"
          icon={<Plus className="size-4" />}
          onClick={() => steps.append({ prompt: '', guidance: '', allowedTools: [], rest: {} })}
        >
          Add a step
        </Button>
      </Panel>

      <Panel title="What starts it">
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Trigger" error={said('/triggerType')}>
            {(props) => (
              <Select {...props} {...register('triggerType')}>
                <option value="manual">by hand</option>
                <option value="schedule">a schedule</option>
                <option value="webhook">a webhook</option>
                <option value="chat">a conversation</option>
              </Select>
            )}
          </Field>
          {trigger === 'schedule' ? (
            <>
              <Field
                label="When"
                hint="minute hour day month weekday: 0 7 * * 1-5 is 07:00 on workdays"
                error={said('/triggerConfig/cron')}
              >
                {(props) => (
                  <Input {...props} {...register('cron')} placeholder="0 7 * * *" className="font-mono" />
                )}
              </Field>
              <Field label="Time zone" hint="Yours, when left empty." error={said('/triggerConfig/timezone')}>
                {(props) => <Input {...props} {...register('timezone')} placeholder="Europe/Berlin" />}
              </Field>
              <SchedulePreview cron={watch('cron')} timezone={watch('timezone')} />
            </>
          ) : null}
          {trigger === 'webhook' ? (
            <Field label="How a call proves itself" error={said('/triggerConfig/auth')}>
              {(props) => (
                <Select {...props} {...register('webhookAuth')}>
                  <option value="standard">signed, Standard Webhooks</option>
                  <option value="github">signed, as GitHub does</option>
                  <option value="stripe">signed, as Stripe does</option>
                  <option value="bearer">a bearer token</option>
                  <option value="none">not at all: anybody may start it</option>
                </Select>
              )}
            </Field>
          ) : null}
        </div>
      </Panel>

      <Panel title="Limits">
        <div className="grid gap-4 sm:grid-cols-3">
          <Field
            label="Cost of one run, in dollars"
            hint="As in settings, when empty."
            error={said('/maxCostUsd')}
          >
            {(props) => <Input {...props} {...register('maxCostUsd')} type="number" min="0" step="any" />}
          </Field>
          <Field
            label="Time of one run, in minutes"
            hint="As in settings, when empty."
            error={said('/timeoutMs')}
          >
            {(props) => <Input {...props} {...register('timeoutMinutes')} type="number" min="0" step="any" />}
          </Field>
          <Field label="Runs at once" error={said('/concurrency')}>
            {(props) => <Input {...props} {...register('concurrency')} type="number" min="1" max="100" />}
          </Field>
        </div>
      </Panel>

      {error === null || error === undefined ? null : <ProblemNote error={error} />}
      <div className="sticky bottom-14 flex flex-wrap items-center gap-3 border-t border-line bg-page py-3 md:bottom-0">
        <Button look="primary" type="submit" busy={busy}>
          Save
        </Button>
        <Button look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <label className="ml-auto flex items-center gap-2">
          <input type="checkbox" {...register('isActive')} className="size-4 accent-accent" /> active: it may
          run
        </label>
      </div>
    </form>
  );
}

const StepButton = ({
  label,
  children,
  ...rest
}: {
  label: string;
  disabled: boolean;
  onClick(): void;
  children: ReactNode;
}) => (
  <Button look="quiet" size="icon" aria-label={label} title={label} {...rest}>
    {children}
  </Button>
);

function SchedulePreview({ cron, timezone }: { cron: string; timezone: string }) {
  const [settled, setSettled] = useState({ cron, timezone });
  const preview = useQuery({
    ...schedulePreviewQuery(settled.cron, settled.timezone || undefined),
    enabled: settled.cron.trim() !== '',
    retry: false,
  });
  const isOld = settled.cron !== cron || settled.timezone !== timezone;
  return (
    <div className="space-y-1 self-end text-[13px]">
      {isOld || !preview.data ? (
        <Button size="sm" onClick={() => setSettled({ cron, timezone })} disabled={cron.trim() === ''}>
          Show when it would run
        </Button>
      ) : null}
      {preview.error && !isOld ? <ProblemNote error={preview.error} /> : null}
      {preview.data && !isOld ? (
        <>
          <p className="font-medium">{preview.data.description}</p>
          <p className="text-ink-2">{preview.data.next.map(dayTime).join(' · ')}</p>
        </>
      ) : null}
    </div>
  );
}

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
