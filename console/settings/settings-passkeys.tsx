/** The devices that sign their owner in. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { type Passkey, passkeysQuery, signInWaysQuery } from '../api/sign-in-queries.ts';
import { hasPasskeys, makePasskey } from '../sign-in/passkeys.ts';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm, Dialog } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

export function Passkeys() {
  const passkeys = useQuery(passkeysQuery);
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Passkey>();
  const [renamed, setRenamed] = useState<Passkey>();
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => withFreshSignIn(() => api.removePasskey({ params: { id } })),
    onSuccess: ({ endedSessions }) =>
      say(
        t('The passkey signs nobody in any more'),
        endedSessions === 0 ? undefined : t('Who came in by it was signed out.'),
      ),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <div className="space-y-3">
      <h3 className="font-medium">{t('Passkeys')}</h3>
      {passkeys.error ? <ProblemNote error={passkeys.error} /> : null}
      {passkeys.data === undefined || passkeys.data.length === 0 ? null : (
        <ul className="divide-y divide-line border-y border-line">
          {passkeys.data.map((passkey) => (
            <li key={passkey.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
              <span className="min-w-0">
                <span className="block font-medium break-words">{passkey.name}</span>
                <span className="block text-[13px] text-ink-2">
                  {t('for {host}', { host: passkey.host })} ·{' '}
                  {passkey.lastUsedAt === null
                    ? t('never used')
                    : rich('used {ago}', { ago: <Ago at={passkey.lastUsedAt} /> })}
                  {passkey.isSynced ? <> · {t('on your other devices too')}</> : null}
                </span>
              </span>
              <span className="flex gap-2">
                <Button size="sm" onClick={() => setRenamed(passkey)}>
                  {t('Rename')}
                </Button>
                <Button size="sm" look="danger" onClick={() => setAsked(passkey)}>
                  {t('Remove')}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      <AddPasskey />
      {renamed ? <Rename passkey={renamed} onClose={() => setRenamed(undefined)} /> : null}
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => {
          if (asked) remove.mutate(asked);
          setAsked(undefined);
        }}
        title={t('Remove {name}?', { name: asked?.name ?? '' })}
        verb={t('Remove')}
      >
        {t(
          'It signs nobody in any more, and whoever came in by it elsewhere is signed out. You can always come in by a link.',
        )}
      </Confirm>
    </div>
  );
}

function Rename({ passkey, onClose }: { passkey: Passkey; onClose(): void }) {
  const queries = useQueryClient();
  const [name, setName] = useState(passkey.name);
  const change = useMutation({
    mutationFn: () => api.renamePasskey({ params: { id: passkey.id }, body: { name } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: passkeysQuery.queryKey });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Rename the passkey')}
      lead={t('By what you call the device that has it.')}
    >
      <ActForm act={change} verb={t('Save')} isReady={name.trim() !== ''}>
        <Field label={t('Name')}>
          {(props) => (
            <Input
              {...props}
              required
              maxLength={100}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
      </ActForm>
    </Dialog>
  );
}

function AddPasskey() {
  const ways = useQuery(signInWaysQuery);
  if (ways.data === undefined) return null;
  const { isHere, address } = ways.data.passkey;
  if (isHere)
    return hasPasskeys() ? <AddForm /> : <p className="text-ink-2">{t('This browser knows no passkeys.')}</p>;
  if (address === null)
    return (
      <p className="text-ink-2">
        {t('Browsers take a passkey at an https address with a name alone: set ALFRED_PUBLIC_URL to one.')}
      </p>
    );
  return <Elsewhere address={address} />;
}

function AddForm() {
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const add = useMutation({
    mutationFn: () => withFreshSignIn(async () => api.addPasskey({ body: await makePasskey(name) })),
    onSuccess: async () => {
      setName('');
      say(t('From now on this passkey signs you in'));
      await queries.invalidateQueries();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <p className="text-ink-2">
        {t(
          'A finger, a face or a PIN on your phone, computer or security key. Nothing is typed, and nothing is kept here that could be stolen.',
        )}
      </p>
      <div className="flex flex-wrap items-end gap-2">
        <div className="min-w-48 flex-1">
          <Field label={t('A new passkey on')}>
            {(props) => (
              <Input
                {...props}
                required
                maxLength={100}
                placeholder={t('my laptop')}
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        </div>
        <Button type="submit" busy={add.isPending}>
          {t('Add it')}
        </Button>
      </div>
      {add.error ? <ProblemNote error={add.error} /> : null}
    </form>
  );
}

/** Leads to the address at which passkeys work. One signs in there anew, as cookies are for one host name. */
function Elsewhere({ address }: { address: string }) {
  const go = useMutation({
    mutationFn: () => withFreshSignIn(() => api.createSignInLink({ body: { for: 'passkeys' } })),
    onSuccess: ({ url }) => {
      const there = new URL(url);
      there.pathname = '/settings';
      location.assign(there);
    },
    onError: sayProblem,
  });
  return (
    <div className="space-y-3">
      <p className="text-ink-2">
        {rich(
          'Browsers take no passkey at {host}. They do at {address}, which leads to this server as well: add one there, and sign in there from then on.',
          { host: location.host, address: <span className="text-ink">{address}</span> },
        )}
      </p>
      <Button busy={go.isPending} onClick={() => go.mutate()}>
        {t('Go there, signed in')}
      </Button>
    </div>
  );
}
