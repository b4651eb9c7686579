/** Writes a skill: what it is called, what it is given, its steps in order, what starts it, and its limits. */
import { useBlocker } from '@tanstack/react-router';
import { useEffect } from 'react';
import { FormProvider, type Path, useForm, useFormContext, useWatch } from 'react-hook-form';
import type { Skill } from '../../src/contract/skills.ts';
import { ApiError } from '../api/client.ts';
import { InputEditor } from '../executions/input-editor.tsx';
import { inputNames, strangersIn } from '../executions/input-names.ts';
import { newRow, schemaSoFar } from '../executions/input-schema.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { t } from '../words/t.ts';
import { FilesForm } from './files-form.tsx';
import { FormField } from './form-field.tsx';
import { LimitsForm } from './limits-form.tsx';
import { ReplayDraft } from './replay-draft.tsx';
import { draftOf, formFields, isLines, placeOf, type SkillDraft } from './skill-draft.ts';
import { SkillSteps } from './skill-steps.tsx';
import { TriggerForm } from './trigger-form.tsx';

export function SkillForm({
  skill,
  start,
  isNew,
  error,
  busy,
  isSaved,
  onSave,
  onCancel,
}: {
  skill: Skill | undefined;
  /** What it begins with, when that is not the skill as it is. */
  start?: SkillDraft;
  isNew: boolean;
  error: unknown;
  busy: boolean;
  /** It was saved as it stands: nothing is lost by leaving. */
  isSaved: boolean;
  onSave(draft: SkillDraft): void;
  onCancel(): void;
}) {
  const form = useForm<SkillDraft>({ defaultValues: start ?? draftOf(skill) });
  const { handleSubmit, formState, setError, clearErrors, getValues, register } = form;
  const { isDirty } = formState;
  useEffect(() => {
    const wrong = error instanceof ApiError ? (error.problem.errors ?? []) : [];
    for (const [index, { field, message }] of wrong.entries()) {
      const place = placeOf(field, getValues());
      if (place)
        setError(place as Path<SkillDraft>, { type: 'server', message }, { shouldFocus: index === 0 });
    }
  }, [error, setError, getValues]);
  const { auth, secret } = skill?.triggerConfig ?? {};
  return (
    <FormProvider {...form}>
      <LeaveGuard isOn={isDirty && !isSaved} />
      <form
        className="space-y-5"
        onSubmit={(event) => {
          // What the VM said of the last try stands in the way of none that is better.
          clearErrors();
          void handleSubmit(onSave)(event);
        }}
        noValidate
      >
        <About isNew={isNew} />
        <Texts triedAs={skill === undefined || skill.isSystem ? undefined : skill.slug} />
        <Trigger keptAuth={secret === undefined || typeof auth !== 'string' ? undefined : auth} />
        <FilesForm />
        <LimitsForm />
        <div className="sticky bottom-14 z-10 flex flex-wrap items-center gap-3 border-t border-line bg-page py-3 md:bottom-0">
          {error === null || error === undefined ? null : (
            <div className="max-h-[40dvh] w-full overflow-y-auto">
              <ProblemNote error={error} />
            </div>
          )}
          <Button look="primary" type="submit" busy={busy}>
            {t('Save')}
          </Button>
          <Button look="quiet" onClick={onCancel}>
            {t('Cancel')}
          </Button>
          {isDirty && !isSaved ? <span className="text-[13px] text-ink-2">{t('Not saved yet')}</span> : null}
          {skill === undefined || skill.isSystem ? null : <ReplayDraft slug={skill.slug} />}
          <label className="ml-auto flex items-center gap-2">
            <input type="checkbox" {...register('isActive')} className="size-4 accent-accent" />{' '}
            {t('active: it may run')}
          </label>
        </div>
      </form>
    </FormProvider>
  );
}

/** Asks before what was written is lost: on another page, and when the tab is closed. */
function LeaveGuard({ isOn }: { isOn: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: () => isOn, enableBeforeUnload: isOn, withResolver: true });
  return (
    <Confirm
      open={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      title={t('Leave without saving?')}
      verb={t('Leave')}
      keep={t('Stay here')}
    >
      {t('What you changed here is not saved, and would be lost.')}
    </Confirm>
  );
}

function About({ isNew }: { isNew: boolean }) {
  const { register, formState, setValue } = useFormContext<SkillDraft>();
  const { errors, dirtyFields } = formState;
  return (
    <Panel title={t('What it is')}>
      <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        <Field label={t('Name')} error={errors.name?.message}>
          {(props) => (
            <Input
              {...props}
              {...register('name', {
                validate: (name) => name.trim() !== '' || t('A skill needs a name.'),
                onChange: ({ target }) => {
                  if (isNew && !dirtyFields.slug) setValue('slug', slugOf(target.value));
                },
              })}
            />
          )}
        </Field>
        <Field
          label={t('Slug')}
          hint={t('Its name in commands, hooks and the address.')}
          error={errors.slug?.message}
        >
          {(props) => (
            <Input
              {...props}
              {...register('slug', {
                required: t('A skill needs a slug.'),
                pattern: {
                  value: /^[a-z0-9]+(-[a-z0-9]+)*$/,
                  message: t('Use lower-case letters and digits, with single hyphens between them.'),
                },
              })}
              autoCapitalize="none"
              className="font-mono"
            />
          )}
        </Field>
        {formFields.filter(isLines).map(({ field, form, setting }) => (
          <div key={field} className="sm:col-span-2">
            <FormField field={field} form={form} setting={setting} />
          </div>
        ))}
        <Field
          label={t('Tags')}
          hint={t('To find it by, with commas between them.')}
          error={errors.tags?.message}
        >
          {(props) => <Input {...props} {...register('tags')} placeholder={t('money, monthly')} />}
        </Field>
      </div>
    </Panel>
  );
}

/** The steps, and the inputs that their texts name: each knows of the other. */
function Texts({ triedAs }: { triedAs: string | undefined }) {
  const { control, getValues, setValue } = useFormContext<SkillDraft>();
  const [inputs, steps, triggerType] = useWatch({ control, name: ['inputs', 'steps', 'triggerType'] });
  const schema = schemaSoFar(inputs);
  const names = inputNames(schema, { steps, triggerType });
  const described = new Set(inputs.rows.map(({ name }) => name));
  const undescribed = names
    .filter(({ name, about }) => about === 'named in a step' && !name.includes('.') && !described.has(name))
    .map(({ name }) => name);
  const declare = (name: string): void => {
    const now = getValues('inputs');
    if (now.view === 'fields') {
      setValue('inputs.rows', [...now.rows, newRow(name)], { shouldDirty: true });
      return;
    }
    const properties = { ...(schema?.properties as Record<string, unknown>), [name]: { type: 'string' } };
    const text = JSON.stringify({ type: 'object', ...schema, properties }, null, 2);
    setValue('inputs.text', text, { shouldDirty: true });
  };
  return (
    <>
      <SkillSteps
        inputs={{ names, strangers: (text) => strangersIn(text, schema), onDeclare: declare }}
        triedAs={triedAs}
      />
      <InputEditor undescribed={undescribed} />
    </>
  );
}

function Trigger({ keptAuth }: { keptAuth: string | undefined }) {
  const { control } = useFormContext<SkillDraft>();
  return <TriggerForm slug={useWatch({ control, name: 'slug' })} keptAuth={keptAuth} />;
}

const slugOf = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64);
