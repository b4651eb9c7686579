/** What starts a skill: nobody but a person, a schedule, another program, or a conversation. */
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { triggerTexts } from '../../src/contract/trigger-texts.ts';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { t, told } from '../words/t.ts';
import { CronPicker } from './cron-picker.tsx';
import { useInherited } from './inherited.ts';
import { SchedulePreview } from './schedule-preview.tsx';
import type { SkillDraft } from './skill-draft.ts';
import { WebhookForm } from './webhook-form.tsx';

/** @param keptAuth the scheme of the webhook whose secret is sealed already; undefined when there is none */
export function TriggerForm({ slug, keptAuth }: { slug: string; keptAuth: string | undefined }) {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const type = useWatch({ control, name: 'triggerType' });
  return (
    <Panel title={t('What starts it')}>
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="sm:col-span-2 sm:max-w-[calc(50%-0.5rem)]">
          <Field
            label={t('Trigger')}
            hint={told(triggerTexts[type].about)}
            error={formState.errors.triggerType?.message}
          >
            {(props) => (
              <Select {...props} {...register('triggerType')}>
                {Object.entries(triggerTexts).map(([name, { choice }]) => (
                  <option key={name} value={name}>
                    {told(choice)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {type === 'schedule' ? <Schedule /> : null}
        {type === 'webhook' ? <WebhookForm slug={slug} keptAuth={keptAuth} /> : null}
        {type === 'chat' ? (
          <div className="sm:col-span-2">
            <Field
              label={t('Words that mean it')}
              hint={t('One a line: what a person says when this skill is wanted. May be empty.')}
              error={formState.errors.trigger?.phrases?.message}
            >
              {(props) => <TextArea {...props} {...register('trigger.phrases')} />}
            </Field>
          </div>
        ) : null}
      </div>
    </Panel>
  );
}

const zones = Intl.supportedValuesOf('timeZone');

function Schedule() {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const { field } = useController({ control, name: 'trigger.cron' });
  const timezone = useWatch({ control, name: 'trigger.timezone' });
  const zone = useInherited('timezone')?.value;
  const wrong = formState.errors.trigger;
  return (
    <>
      <CronPicker cron={field.value} onCron={field.onChange} error={wrong?.cron?.message} />
      <Field
        label={t('Time zone')}
        hint={t('Where these times are meant. Yours in settings, when empty.')}
        error={wrong?.timezone?.message}
      >
        {(props) => (
          <>
            <Input
              {...props}
              {...register('trigger.timezone')}
              list="zones"
              placeholder={
                zone === undefined ? t('as in settings') : t('{value}, as in settings', { value: zone })
              }
            />
            <datalist id="zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label={t('When the VM was off at that time')} error={wrong?.missed?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.missed')}>
            <option value="skip">{t('leave that run out')}</option>
            <option value="once">{t('run once when it is back')}</option>
          </Select>
        )}
      </Field>
      <Field label={t('When the run before is still under way')} error={wrong?.overlap?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.overlap')}>
            <option value="one">{t('let one run wait, and no more')}</option>
            <option value="skip">{t('leave that run out')}</option>
            <option value="all">{t('let every run wait its turn')}</option>
          </Select>
        )}
      </Field>
      <div className="sm:col-span-2">
        <SchedulePreview cron={field.value} timezone={timezone} />
      </div>
    </>
  );
}
