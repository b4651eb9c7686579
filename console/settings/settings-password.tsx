/** A password, for owners who want one. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../api/api.ts';
import { signInWaysQuery } from '../api/sign-in-queries.ts';
import { OwnerName } from '../sign-in/ways-in.tsx';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { Button } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { t } from '../words/t.ts';

const signedOut = ({ endedSessions }: { endedSessions: number }): string | undefined =>
  endedSessions === 0 ? undefined : t('Who came in by the one before was signed out.');

export function Password() {
  const ways = useQuery(signInWaysQuery);
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation({
    mutationFn: () => withFreshSignIn(() => api.removePassword()),
    onSuccess: (answer) => say(t('There is no password any more'), signedOut(answer)),
    onError: sayProblem,
    onSettled: () => queries.invalidateQueries(),
  });
  if (ways.data === undefined) return null;
  const { password: isSet } = ways.data;
  return (
    <div className="space-y-3">
      <h3 className="font-medium">{t('Password')}</h3>
      <p className="text-ink-2">
        {isSet
          ? t('One is set. Nobody can read it here, not even you.')
          : t('Where no passkey will do. A passkey is safer: nobody can guess it, or talk you out of it.')}
      </p>
      {isOpen ? <PasswordForm isSet={isSet} onDone={() => setOpen(false)} /> : null}
      {isOpen ? null : (
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setOpen(true)}>
            {isSet ? t('Change the password') : t('Set a password')}
          </Button>
          {isSet ? (
            <Button look="danger" busy={remove.isPending} onClick={() => setAsked(true)}>
              {t('Remove the password')}
            </Button>
          ) : null}
        </div>
      )}
      <Confirm
        open={isAsked}
        onClose={() => setAsked(false)}
        onConfirm={() => {
          remove.mutate();
          setAsked(false);
        }}
        title={t('Remove the password?')}
        verb={t('Remove')}
      >
        {t(
          'It signs nobody in any more, and whoever came in by it elsewhere is signed out. You can always come in by a link.',
        )}
      </Confirm>
    </div>
  );
}

function PasswordForm({ isSet, onDone }: { isSet: boolean; onDone(): void }) {
  const queries = useQueryClient();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [differs, setDiffers] = useState(false);
  const set = useMutation({
    mutationFn: () => withFreshSignIn(() => api.setPassword({ body: { password } })),
    onSuccess: async (answer) => {
      say(isSet ? t('The password is another now') : t('The password signs you in'), signedOut(answer));
      await queries.invalidateQueries();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setDiffers(password !== again);
    if (password === again) set.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      <OwnerName />
      <div className="grid gap-3 sm:grid-cols-2">
        <TextField
          label={t('New password')}
          hint={t('At least 12 characters. A sentence does well.')}
          type="password"
          autoComplete="new-password"
          required
          value={password}
          onText={setPassword}
        />
        <TextField
          label={t('The same again')}
          error={differs ? t('This is not the same.') : undefined}
          type="password"
          autoComplete="new-password"
          required
          value={again}
          onText={setAgain}
        />
      </div>
      {set.error ? <ProblemNote error={set.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" look="primary" busy={set.isPending}>
          {isSet ? t('Change it') : t('Set it')}
        </Button>
        <Button look="quiet" onClick={onDone}>
          {t('Not now')}
        </Button>
      </div>
    </form>
  );
}
