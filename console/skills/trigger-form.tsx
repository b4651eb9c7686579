/** What starts a skill: nobody but a person, a schedule, another program, or a conversation. */
import { useController, useFormContext, useWatch } from 'react-hook-form';
import { triggers } from '../../src/contract/triggers.ts';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { CronPicker } from './cron-picker.tsx';
import { SchedulePreview } from './schedule-preview.tsx';
import type { SkillDraft } from './skill-draft.ts';

/** @param keptAuth the scheme of the webhook whose secret is sealed already; undefined when there is none */
export function TriggerForm({ slug, keptAuth }: { slug: string; keptAuth: string | undefined }) {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const type = useWatch({ control, name: 'triggerType' });
  return (
    <Panel title="What starts it">
      <div className="grid gap-4 sm:grid-cols-2">
        <div className="sm:col-span-2 sm:max-w-[calc(50%-0.5rem)]">
          <Field label="Trigger" hint={triggers[type].about} error={formState.errors.triggerType?.message}>
            {(props) => (
              <Select {...props} {...register('triggerType')}>
                {Object.entries(triggers).map(([name, { choice }]) => (
                  <option key={name} value={name}>
                    {choice}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        {type === 'schedule' ? <Schedule /> : null}
        {type === 'webhook' ? <Webhook slug={slug} keptAuth={keptAuth} /> : null}
        {type === 'chat' ? (
          <div className="sm:col-span-2">
            <Field
              label="Words that mean it"
              hint="One a line: what a person says when this skill is wanted. May be empty."
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
  const wrong = formState.errors.trigger;
  return (
    <>
      <CronPicker cron={field.value} onCron={field.onChange} error={wrong?.cron?.message} />
      <Field
        label="Time zone"
        hint="Where these times are meant. Yours in settings, when empty."
        error={wrong?.timezone?.message}
      >
        {(props) => (
          <>
            <Input {...props} {...register('trigger.timezone')} list="zones" placeholder="as in settings" />
            <datalist id="zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field label="When the VM was off at that time" error={wrong?.missed?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.missed')}>
            <option value="skip">leave that run out</option>
            <option value="once">run once when it is back</option>
          </Select>
        )}
      </Field>
      <Field label="When the run before is still under way" error={wrong?.overlap?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.overlap')}>
            <option value="one">let one run wait, and no more</option>
            <option value="skip">leave that run out</option>
            <option value="all">let every run wait its turn</option>
          </Select>
        )}
      </Field>
      <div className="sm:col-span-2">
        <SchedulePreview cron={field.value} timezone={timezone} />
      </div>
    </>
  );
}

function Webhook({ slug, keptAuth }: { slug: string; keptAuth: string | undefined }) {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const [auth, isSecretNew] = useWatch({ control, name: ['trigger.auth', 'trigger.isSecretNew'] });
  const wrong = formState.errors.trigger;
  const isKept = keptAuth === auth;
  return (
    <>
      <p className="rounded-lg bg-sunken px-3 py-2 font-mono text-[13px] break-all sm:col-span-2">
        POST {location.origin}/hooks/{slug || '…'}
      </p>
      <Field label="How a call proves itself" error={wrong?.auth?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.auth')}>
            <option value="standard">signed, Standard Webhooks</option>
            <option value="github">signed, as GitHub does</option>
            <option value="stripe">signed, as Stripe does</option>
            <option value="bearer">a bearer token</option>
            <option value="none">not at all: anybody may start it</option>
          </Select>
        )}
      </Field>
      <Field label="What it is answered with" error={wrong?.response?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.response')}>
            <option value="accepted">at once: the run’s id</option>
            <option value="result">the result, after a minute at most</option>
          </Select>
        )}
      </Field>
      {auth === 'none' ? null : (
        <div className="space-y-2 sm:col-span-2">
          {isKept ? (
            <label className="flex items-center gap-2">
              <input type="checkbox" {...register('trigger.isSecretNew')} className="size-4 accent-accent" />
              replace its secret: callers that have the old one are refused from then on
            </label>
          ) : null}
          {!isKept || isSecretNew ? (
            <Field
              label="Its secret"
              hint="Leave it empty: one is made up and shown once. Or type the one that the sender gave you."
              error={wrong?.secret?.message}
            >
              {(props) => (
                <Input {...props} {...register('trigger.secret')} type="password" autoComplete="off" />
              )}
            </Field>
          ) : null}
        </div>
      )}
      <Field
        label="Where a delivery’s id stands"
        hint="header:name, or a pointer into the body: /data/id. The scheme’s own place, when empty."
        error={wrong?.dedupeBy?.message}
      >
        {(props) => <Input {...props} {...register('trigger.dedupeBy')} spellCheck={false} />}
      </Field>
      <Field label="Calls a minute, at most" hint="60,000 when empty." error={wrong?.perMinute?.message}>
        {(props) => <Input {...props} {...register('trigger.perMinute')} type="number" min="1" />}
      </Field>
    </>
  );
}
