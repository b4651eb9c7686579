/** A field of a skill that the form shows by rule. */
import { useQuery } from '@tanstack/react-query';
import type { ComponentProps } from 'react';
import { useFormContext } from 'react-hook-form';
import type { FormControl } from '../../src/contract/skill-field.ts';
import { skillsQuery } from '../api/queries.ts';
import { shown } from '../settings/config-units.ts';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { t, told } from '../words/t.ts';
import { useInherited, useModel } from './inherited.ts';
import type { FormField as FormFieldName, SkillDraft } from './skill-draft.ts';

/** As it stands in an empty field. */
const wordsOf = ({ value, words }: { value?: string; words?: string }, size?: number): string =>
  value === undefined ? told(words ?? '') : t('{value}, as in settings', { value: shown(value, size) });

/** One field of the form, as the table of fields has it. */
export function FormField({
  field,
  form,
  setting,
}: {
  field: FormFieldName;
  form: FormControl;
  setting: string | undefined;
}) {
  const { register, formState } = useFormContext<SkillDraft>();
  const model = useModel(field);
  const { label, hint, kind, whole, size, empty } = form;
  const inherited = useInherited(setting);
  const placeholder = model ?? (inherited && wordsOf(inherited, size)) ?? (empty && told(empty));
  return (
    <Field label={told(label)} hint={hint && told(hint)} error={formState.errors[field]?.message}>
      {(props) => {
        const all = { ...props, ...register(field) };
        if (kind === 'lines') return <TextArea {...all} rows={2} />;
        if (kind === 'skill') return <SkillSelect {...all} />;
        if (kind === 'choice') {
          return (
            <Select {...all}>
              {form.choices?.map(([value, words]) => (
                <option key={value} value={value}>
                  {told(words)}
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
            placeholder={placeholder}
            inputMode={whole ? 'numeric' : 'decimal'}
            min={whole ? '1' : '0'}
            step={whole ? '1' : 'any'}
          />
        );
      }}
    </Field>
  );
}

/** Another skill, or none. */
function SkillSelect(props: ComponentProps<typeof Select>) {
  const slug = useFormContext<SkillDraft>().watch('slug');
  const skills = useQuery(skillsQuery);
  return (
    <Select {...props}>
      <option value="">{t('nothing')}</option>
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
