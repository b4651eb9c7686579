/** One's own account: passkeys and the password. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createPasskey, hasPasskeys } from '../sign-in/passkeys.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { Field, Input, TextField } from '../ui/field.tsx';
import { Panel, SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { api } from './api.ts';
import { NewPassword } from './new-password.tsx';
import { passkeysQuery, signInWaysQuery } from './queries.ts';

export function Account() {
  return (
    <Panel title="Your sign-in">
      <Passkeys />
      <Password />
    </Panel>
  );
}

type NewPasskey = Parameters<typeof api.addPasskey>[0]['body'];

function Passkeys() {
  const passkeys = useQuery(passkeysQuery);
  const ways = useQuery(signInWaysQuery);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const settled = () => queries.invalidateQueries({ queryKey: ['passkeys'] });
  const add = useMutation({
    mutationFn: async () => {
      const response = await createPasskey(await api.beginPasskey());
      return api.addPasskey({ body: { name: name.trim(), response } as NewPasskey });
    },
    onSuccess: () => {
      say('The passkey is added', 'It signs you in without a password.');
      setName('');
    },
    onSettled: settled,
  });
  const remove = useMutation({
    mutationFn: (id: string) => api.removePasskey({ params: { id } }),
    onSuccess: () => say('The passkey is removed'),
    onError: sayProblem,
    onSettled: settled,
  });
  const mayAdd = ways.data?.passkey === true && hasPasskeys();
  return (
    <>
      {passkeys.error ? <ProblemNote error={passkeys.error} /> : null}
      {passkeys.isPending ? <SkeletonRows rows={1} /> : null}
      <ul aria-label="Passkeys" className="divide-y divide-line">
        {passkeys.data?.map(({ id, name: called, lastUsedAt, createdAt }) => (
          <li key={id} className="flex flex-wrap items-center justify-between gap-3 py-2">
            <span className="min-w-0">
              <span className="block truncate font-medium">{called}</span>
              <span className="text-[13px] text-ink-2">
                {lastUsedAt === null ? 'added ' : 'last used '}
                <Ago at={lastUsedAt ?? createdAt} />
              </span>
            </span>
            <Button size="sm" busy={remove.isPending} onClick={() => remove.mutate(id)}>
              Remove
            </Button>
          </li>
        ))}
        {passkeys.data?.length === 0 ? (
          <li className="py-2 text-ink-2">
            No passkey yet. A device that finds out who uses it, by a finger, a face or a PIN, signs you in
            without a password.
          </li>
        ) : null}
      </ul>
      {mayAdd ? (
        <ActForm act={add} verb="Add a passkey" look="plain" className="mt-3 space-y-3">
          <div className="sm:max-w-sm">
            <TextField
              label="New passkey’s name"
              hint="What you call the device."
              required
              maxLength={60}
              value={name}
              onText={setName}
            />
          </div>
        </ActForm>
      ) : (
        <p className="mt-3 text-[13px] text-ink-2">
          Browsers add passkeys at an https address with a name, or at localhost.
        </p>
      )}
    </>
  );
}

function Password() {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const change = useMutation({
    mutationFn: () => api.changePassword({ body: { current, password } }),
    onSuccess: () => {
      say('The password is changed', 'Your other sessions are ended.');
      setCurrent('');
      setPassword('');
    },
  });
  return (
    <ActForm
      act={change}
      verb="Change the password"
      look="plain"
      className="mt-4 space-y-3 border-t border-line pt-4"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label="Present password">
          {(props) => (
            <Input
              {...props}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(event) => setCurrent(event.target.value)}
            />
          )}
        </Field>
        <NewPassword label="Another password" value={password} onChange={setPassword} />
      </div>
    </ActForm>
  );
}
