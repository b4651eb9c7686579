/** What a skill may take at most, and what becomes of it when things go wrong. */
import { useQuery } from '@tanstack/react-query';
import { useFormContext } from 'react-hook-form';
import { modelQuery, skillsQuery } from '../api/queries.ts';
import { Field, Input, Select } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import type { SkillDraft } from './skill-draft.ts';

const costs = [
  ['maxCostUsd', 'One run, in dollars'],
  ['maxCostPerDayUsd', 'A day, in dollars'],
  ['maxCostPerMonthUsd', 'A month, in dollars'],
] as const;

export function LimitsForm() {
  const { register, watch, formState } = useFormContext<SkillDraft>();
  const { errors } = formState;
  const model = useQuery(modelQuery);
  const skills = useQuery(skillsQuery);
  const slug = watch('slug');
  return (
    <Panel
      title="Caps, limits and model"
      aside={<span className="text-[13px] text-ink-2">What is empty is as in settings</span>}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {costs.map(([name, label]) => (
          <Field key={name} label={label} error={errors[name]?.message}>
            {(props) => (
              <Input {...props} {...register(name)} type="number" inputMode="decimal" min="0" step="any" />
            )}
          </Field>
        ))}
        <Field label="Time of one run, in minutes" error={errors.timeoutMinutes?.message}>
          {(props) => (
            <Input
              {...props}
              {...register('timeoutMinutes')}
              type="number"
              inputMode="decimal"
              min="0"
              step="any"
            />
          )}
        </Field>
        <Field label="Model" error={errors.model?.message}>
          {(props) => (
            <Input
              {...props}
              {...register('model')}
              placeholder={model.data?.model}
              spellCheck={false}
              autoCapitalize="none"
            />
          )}
        </Field>
        <Field label="How hard it thinks" error={errors.effort?.message}>
          {(props) => (
            <Select {...props} {...register('effort')}>
              <option value="">as the model does</option>
              <option value="low">low</option>
              <option value="medium">medium</option>
              <option value="high">high</option>
              <option value="xhigh">very high</option>
              <option value="max">as hard as it can</option>
            </Select>
          )}
        </Field>
        <Field label="Runs at once" hint="Others wait their turn." error={errors.concurrency?.message}>
          {(props) => (
            <Input
              {...props}
              {...register('concurrency')}
              type="number"
              inputMode="numeric"
              min="1"
              max="100"
            />
          )}
        </Field>
        <Field
          label="When the VM stops in a step"
          hint="Steps before it are never done again."
          error={errors.onCrash?.message}
        >
          {(props) => (
            <Select {...props} {...register('onCrash')}>
              <option value="auto">do it again, if that is safe</option>
              <option value="rerun">always do it again</option>
              <option value="hold">never: end as failed</option>
            </Select>
          )}
        </Field>
        <Field label="When a run fails, start" error={errors.onFailureSkill?.message}>
          {(props) => (
            <Select {...props} {...register('onFailureSkill')}>
              <option value="">nothing</option>
              {skills.data
                ?.filter((other) => other.slug !== slug)
                .map((other) => (
                  <option key={other.slug} value={other.slug}>
                    {other.name}
                  </option>
                ))}
            </Select>
          )}
        </Field>
      </div>
    </Panel>
  );
}
