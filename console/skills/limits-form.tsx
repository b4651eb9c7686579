/** What a skill may take at most, and what becomes of it when things go wrong. */
import { useEffect } from 'react';
import { useFormContext } from 'react-hook-form';
import { Panel } from '../ui/panel.tsx';
import { usePlaceInPage } from '../ui/use-place-in-page.ts';
import { t } from '../words/t.ts';
import { FormField } from './form-field.tsx';
import { formFields, isLines, type SkillDraft } from './skill-draft.ts';

const limits = formFields.filter((field) => !isLines(field));

export function LimitsForm() {
  usePlaceInPage();
  const { setFocus, getValues } = useFormContext<SkillDraft>();
  useEffect(() => {
    // A link may name the one that is to be changed; the caps as such are the first that it has.
    const caps = limits.filter(({ isCap }) => isCap);
    const asked =
      location.hash === '#limits'
        ? (caps.find(({ field }) => getValues(field) !== '') ?? caps[0])
        : limits.find(({ field }) => `#${field}` === location.hash);
    if (asked === undefined) return;
    document.getElementById('limits')?.scrollIntoView();
    setFocus(asked.field, { shouldSelect: true });
  }, [setFocus, getValues]);
  return (
    <Panel
      id="limits"
      title={t('Caps, limits and model')}
      aside={
        <span className="text-[13px] text-ink-2">{t('What is empty is as in settings, or not limited')}</span>
      }
    >
      <div className="grid gap-4 sm:grid-cols-3">
        {limits.map(({ field, form, setting }) => (
          <FormField key={field} field={field} form={form} setting={setting} />
        ))}
      </div>
    </Panel>
  );
}
