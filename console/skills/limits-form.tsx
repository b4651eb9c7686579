/** What a skill may take at most, and what becomes of it when things go wrong. */
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { useFormContext } from 'react-hook-form';
import type { FormControl } from '../../src/contract/skill-field.ts';
import { modelQuery, skillsQuery } from '../api/queries.ts';
import { Field, Input, Select } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { type FormField as FormFieldName, formFields, type SkillDraft } from './skill-draft.ts';

export function LimitsForm() {
  return (
    <Panel
      title="Caps, limits and model"
      aside={<span className="text-[13px] text-ink-2">What is empty is as in settings</span>}
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {formFields.map(({ field, form }) => (
          <FormField key={field} field={field} form={form} />
        ))}
      </div>
    </Panel>
  );
}

function FormField({ field, form }: { field: FormFieldName; form: FormControl }) {
  const { register, formState } = useFormContext<SkillDraft>();
  const placeholder = useModel(field);
  const { label, hint, kind, whole } = form;
  return (
    <Field label={label} hint={hint} error={formState.errors[field]?.message}>
      {(props) => {
        const all = { ...props, ...register(field) };
        if (kind === 'skill') return <SkillSelect {...all} />;
        if (kind === 'choice') {
          return (
            <Select {...all}>
              {form.choices?.map(([value, words]) => (
                <option key={value} value={value}>
                  {words}
                </option>
              ))}
            </Select>
          );
        }
        if (kind === 'text') {
          return <Input {...all} placeholder={placeholder} spellCheck={false} autoCapitalize="none" />;
        }
        return (
          <Input
            {...all}
            type="number"
            inputMode={whole ? 'numeric' : 'decimal'}
            min={whole ? '1' : '0'}
            step={whole ? '1' : 'any'}
          />
        );
      }}
    </Field>
  );
}

/** Which model answers where the skill names none. */
function useModel(field: FormFieldName): string | undefined {
  const model = useQuery({ ...modelQuery, enabled: field === 'model' });
  return field === 'model' ? model.data?.model : undefined;
}

/** Another skill, or none. */
function SkillSelect(props: ComponentProps<typeof Select>) {
  const slug = useFormContext<SkillDraft>().watch('slug');
  const skills = useQuery(skillsQuery);
  return (
    <Select {...props}>
      <option value="">nothing</option>
      {skills.data
        ?.filter((other) => other.slug !== slug)
        .map((other) => (
          <option key={other.slug} value={other.slug}>
            {other.name}
          </option>
        ))}
    </Select>
  );
}
