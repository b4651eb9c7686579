/** A webhook's trigger: who calls, what is clicked there, the secret, and what it is answered with. */
import { useQuery } from '@tanstack/react-query';
import { useController, useFormContext, useWatch } from 'react-hook-form';
import type { WebhookSender } from '../../src/contract/webhooks.ts';
import { CopyField } from '../ui/copy.tsx';
import { Field, Input, Select, TextArea } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { SenderPicker, unnamed } from './sender-picker.tsx';
import { sendersQuery } from './senders-query.ts';
import type { SkillDraft } from './skill-draft.ts';

/** @param keptAuth the sender whose secret is sealed already; undefined when there is none */
export function WebhookForm({ slug, keptAuth }: { slug: string; keptAuth: string | undefined }) {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const { field } = useController({ control, name: 'trigger.auth' });
  const senders = useQuery(sendersQuery).data ?? [];
  const sender = senders.find(({ auth }) => auth === field.value);
  const wrong = formState.errors.trigger;
  const url = `${location.origin}/hooks/${slug || '…'}`;
  return (
    <>
      <SenderPicker
        choices={[...senders, ...unnamed]}
        auth={field.value}
        error={wrong?.auth?.message}
        onPick={field.onChange}
      />
      <div className="sm:col-span-2">
        <CopyField text={url} />
      </div>
      {sender ? <SenderSteps sender={sender} url={url} /> : null}
      {field.value === 'custom' ? <Scheme error={wrong?.scheme?.message} /> : null}
      {field.value === 'none' ? null : <Secret sender={sender} isKept={keptAuth === field.value} />}
      {sender?.hasVerifyToken ? (
        <Field
          label={t('Verify token')}
          hint={t('Any word of yours: type the same one there. Kept as a hash; empty leaves it as it is.')}
          error={wrong?.verifyToken?.message}
        >
          {(props) => <Input {...props} {...register('trigger.verifyToken')} autoComplete="off" />}
        </Field>
      ) : null}
      <Field label={t('What it is answered with')} error={wrong?.response?.message}>
        {(props) => (
          <Select {...props} {...register('trigger.response')}>
            <option value="accepted">{t('at once: the run’s id')}</option>
            <option value="result">{t('the result, after 45 seconds at most')}</option>
          </Select>
        )}
      </Field>
      <More />
    </>
  );
}

/** What is clicked there, in order. */
export function SenderSteps({
  sender: { title, steps, know },
  url,
}: {
  sender: Pick<WebhookSender, 'title' | 'steps' | 'know'>;
  url: string;
}) {
  return (
    <div className="space-y-2 rounded-lg border border-line px-3.5 py-3 sm:col-span-2">
      <p className="font-medium">{t('What to do at {title}', { title })}</p>
      <ol className="list-decimal space-y-1 pl-5 text-ink-2">
        {steps.map((step) => (
          <li key={step} className="break-words">
            {step.replaceAll('{url}', url)}
          </li>
        ))}
      </ol>
      {know ? <p className="text-[13px] text-ink-2">{know}</p> : null}
    </div>
  );
}

function Secret({ sender, isKept }: { sender: WebhookSender | undefined; isKept: boolean }) {
  const { control, register, formState } = useFormContext<SkillDraft>();
  const isSecretNew = useWatch({ control, name: 'trigger.isSecretNew' });
  return (
    <div className="space-y-2 sm:col-span-2">
      {isKept ? (
        <label className="flex items-center gap-2">
          <input type="checkbox" {...register('trigger.isSecretNew')} className="size-4 accent-accent" />
          {t('replace its secret: callers that have the old one are refused from then on')}
        </label>
      ) : null}
      {!isKept || isSecretNew ? (
        <Field
          label={
            sender === undefined
              ? t('Its secret')
              : t('Its secret: {title}’s {secretName}', {
                  title: sender.title,
                  secretName: sender.secretName,
                })
          }
          hint={secretHint(sender)}
          error={formState.errors.trigger?.secret?.message}
        >
          {(props) => <Input {...props} {...register('trigger.secret')} type="password" autoComplete="off" />}
        </Field>
      ) : null}
    </div>
  );
}

function secretHint(sender: WebhookSender | undefined): string {
  if (sender?.scheme.handshake)
    return t('Leave it empty: {title} hands it over by itself.', { title: sender.title });
  if (sender?.secretFrom === 'sender') {
    return t('{title} makes it: paste it here, now or later. It is sealed and never shown again.', {
      title: sender.title,
    });
  }
  return t('Leave it empty: one is made up and shown once. Or type the one that the sender gave you.');
}

function Scheme({ error }: { error: string | undefined }) {
  const { register } = useFormContext<SkillDraft>();
  return (
    <div className="sm:col-span-2">
      <Field
        label={t('How its calls prove themselves')}
        hint={t(
          'JSON: where the signature stands, and what is signed. docs/senders.md has every word of it.',
        )}
        error={error}
      >
        {(props) => (
          <TextArea
            {...props}
            {...register('trigger.scheme', {
              validate: (text, { trigger, triggerType }) =>
                triggerType !== 'webhook' ||
                trigger.auth !== 'custom' ||
                isJson(text) ||
                t('This is not JSON.'),
            })}
            spellCheck={false}
            className="font-mono text-[13px]"
          />
        )}
      </Field>
    </div>
  );
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === 'object';
  } catch {
    return false;
  }
}

/** What few need to change. */
function More() {
  const { register, formState, control } = useFormContext<SkillDraft>();
  const response = useWatch({ control, name: 'trigger.response' });
  const wrong = formState.errors.trigger;
  return (
    <details className="sm:col-span-2" open={wrong === undefined ? undefined : true}>
      <summary className="cursor-pointer py-1 font-medium">
        {t('More: headers, ids, the answer’s shape')}
      </summary>
      <div className="grid gap-4 pt-3 sm:grid-cols-2">
        <Field
          label={t('Headers that the skill sees')}
          hint={t('Beside the usual ones and the sender’s own, parted by commas.')}
          error={wrong?.headers?.message}
        >
          {(props) => <Input {...props} {...register('trigger.headers')} spellCheck={false} />}
        </Field>
        <Field
          label={t('Where a delivery’s id stands')}
          hint={t(
            'header:name, query:name, form:field, or a pointer: /data/id. The sender’s own place, when empty.',
          )}
          error={wrong?.dedupeBy?.message}
        >
          {(props) => <Input {...props} {...register('trigger.dedupeBy')} spellCheck={false} />}
        </Field>
        <Field
          label={t('Calls a minute, at most')}
          hint={t('60,000 when empty.')}
          error={wrong?.perMinute?.message}
        >
          {(props) => <Input {...props} {...register('trigger.perMinute')} type="number" min="1" />}
        </Field>
        <div className="space-y-1 self-center">
          <label className="flex items-center gap-2">
            <input type="checkbox" {...register('trigger.takesGet')} className="size-4 accent-accent" />
            {t('it may be called by GET, too')}
          </label>
          {wrong?.takesGet === undefined ? null : (
            <p className="text-[13px] text-bad">{wrong.takesGet.message}</p>
          )}
        </div>
        <Field
          label={t('The answer’s body')}
          hint={t('As the sender wants it, when empty. {names} are filled in.', {
            names: '{{executionId}}, {{status}}, {{output}}, {{error}}',
          })}
          error={wrong?.answerBody?.message}
        >
          {(props) => <Input {...props} {...register('trigger.answerBody')} spellCheck={false} />}
        </Field>
        <Field label={t('Its type')} error={wrong?.answerType?.message}>
          {(props) => (
            <Select {...props} {...register('trigger.answerType')}>
              {['text/plain', 'application/json', 'text/xml', 'application/xml'].map((type) => (
                <option key={type}>{type}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field
          label={t('Its status')}
          hint={t('As the sender wants it, when empty.')}
          error={wrong?.answerStatus?.message}
        >
          {(props) => (
            <Input {...props} {...register('trigger.answerStatus')} type="number" min="200" max="299" />
          )}
        </Field>
        {response === 'result' ? (
          <Field
            label={t('Its status when the run failed')}
            hint={t('200 when empty; 503 has most senders try again.')}
            error={wrong?.failedStatus?.message}
          >
            {(props) => (
              <Input {...props} {...register('trigger.failedStatus')} type="number" min="400" max="599" />
            )}
          </Field>
        ) : null}
      </div>
    </details>
  );
}
