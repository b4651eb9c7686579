/** A skill's webhook: where its sender posts to, whether it works, and a call to paste. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Skill } from '../../src/contract/skills.ts';
import type { Hook, HookSample } from '../../src/contract/webhooks.ts';
import { api } from '../api/api.ts';
import { hookQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Check, X } from '../ui/icons.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { SenderSteps } from './webhook-form.tsx';

/** Who calls: a scheme that many programs share is nobody's name. */
const senderOf = ({ auth, sender }: Hook): string =>
  auth === 'standard' || sender === null ? t('another program') : sender;

export function HookPart({ skill }: { skill: Skill }) {
  const hook = useQuery(hookQuery(skill.slug));
  const [isShown, setShown] = useState(false);
  const test = useMutation({
    mutationFn: () => api.testHook({ params: { slug: skill.slug }, body: {} }),
    onError: sayProblem,
  });
  const sample = useMutation({
    mutationFn: () => api.sampleDelivery({ params: { slug: skill.slug }, body: {} }),
    onSuccess: () => setShown(true),
    onError: sayProblem,
  });
  if (hook.error) return <ProblemNote error={hook.error} />;
  if (!hook.data) return null;
  return (
    <div className="space-y-3">
      <p>
        {t('When {sender} calls, {words}:', {
          sender: senderOf(hook.data),
          words: hook.data.words,
        })}
      </p>
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 font-mono text-[12.5px] break-all">
          {hook.data.methods.join(', ')} {hook.data.url}
        </code>
        <CopyButton text={hook.data.url} />
      </div>
      {hook.data.auth === 'none' || hook.data.hasSecret ? null : <MissingSecret hook={hook.data} />}
      {hook.data.handshake === 'shown' && hook.data.hasSecret ? <Handshake slug={skill.slug} /> : null}
      {hook.data.sender === null ? null : (
        <details>
          <summary className="cursor-pointer text-[13px] text-ink-2">
            {t('What to do at {sender}', { sender: hook.data.sender })}
          </summary>
          <div className="pt-2">
            <SenderSteps
              sender={{ title: hook.data.sender, steps: hook.data.steps, know: hook.data.know }}
              url={hook.data.url}
            />
          </div>
        </details>
      )}
      <p className="text-[13px] text-ink-2">
        {hook.data.response === 'result'
          ? t('It is answered with the result.')
          : t('It is answered as soon as the run is on record.')}{' '}
        {t('At most {perMinute} a minute.', { perMinute: hook.data.perMinute })}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" busy={sample.isPending} onClick={() => sample.mutate()}>
          {t('A call to paste')}
        </Button>
        <Button size="sm" busy={test.isPending} onClick={() => test.mutate()}>
          {t('Check it')}
        </Button>
      </div>
      {test.data ? (
        <ul role="status" className="space-y-1 text-[13px]">
          {test.data.checks.map(({ check, ok, message }) => (
            <li key={check} className="flex gap-2">
              {ok ? (
                <Check aria-label={t('right')} className="mt-0.5 size-3.5 shrink-0 text-good" />
              ) : (
                <X aria-label={t('wrong')} className="mt-0.5 size-3.5 shrink-0 text-bad" />
              )}
              {message}
            </li>
          ))}
        </ul>
      ) : null}
      {sample.data ? <Sample sample={sample.data} open={isShown} onClose={() => setShown(false)} /> : null}
    </div>
  );
}

function MissingSecret({ hook: { sender, handshake, secretFrom, secretName } }: { hook: Hook }) {
  return (
    <p className="rounded-md bg-wait-soft px-2.5 py-1.5 text-[13px]">
      {handshake !== 'none'
        ? t('It has no secret yet: {sender} hands it over when the webhook is created there.', {
            sender: sender ?? '',
          })
        : secretFrom === 'sender'
          ? t('It takes nothing yet: edit the skill and paste {sender}’s {secretName}.', {
              sender: sender ?? '',
              secretName,
            })
          : t('It takes nothing yet: it has no secret.')}
    </p>
  );
}

/** The word that the sender handed over, until the first delivery that it signed. */
function Handshake({ slug }: { slug: string }) {
  const show = useMutation({
    mutationFn: () => api.showHandshake({ params: { slug } }),
    onError: sayProblem,
  });
  if (show.data) {
    return (
      <div className="flex items-start gap-2">
        <code className="min-w-0 flex-1 rounded-md bg-sunken px-2.5 py-1.5 font-mono text-[12.5px] break-all select-all">
          {show.data.secret}
        </code>
        <CopyButton text={show.data.secret} />
      </div>
    );
  }
  return (
    <Button size="sm" busy={show.isPending} onClick={() => show.mutate()}>
      {t('Show the word that it sent')}
    </Button>
  );
}

function Sample({ sample, open, onClose }: { sample: HookSample; open: boolean; onClose(): void }) {
  const command = curlOf(sample);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      width="lg"
      title={t('A call that works')}
      lead={
        sample.expiresAt
          ? rich('Signed for now: it is too old {ago}.', { ago: <Ago at={sample.expiresAt} /> })
          : sample.needsToken
            ? t('Put the token that you were given in the place of TOKEN.')
            : null
      }
      footer={<CopyButton text={command} look="primary" />}
    >
      <pre className="overflow-x-auto rounded-lg bg-sunken px-3 py-2 font-mono text-[12.5px]">{command}</pre>
    </Dialog>
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** @param token of a bearer hook: known once, when it was made up */
export function curlOf({ url, headers, body, needsToken }: HookSample, token = 'TOKEN'): string {
  const given = needsToken ? { ...headers, authorization: `Bearer ${token}` } : headers;
  return [
    `curl ${quoted(url)}`,
    ...Object.entries(given).map(([name, value]) => `  -H ${quoted(`${name}: ${value}`)}`),
    `  --data-raw ${quoted(body)}`,
  ].join(' \\\n');
}
