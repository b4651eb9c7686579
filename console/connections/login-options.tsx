/** What a sign-in may be told beside: a client that was made by hand, another scope, and what some servers need. */
import { type FormEvent, useEffect, useState } from 'react';
import type { BeginLogin } from '../../src/contract/logins.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { t } from '../words/t.ts';
import { SecretInput } from './secret-input.tsx';

export type LoginWish = {
  clientId: string;
  clientSecret: string;
  scope: string;
  guessEndpoints: boolean;
  omitResource: boolean;
};

export const noWish: LoginWish = {
  clientId: '',
  clientSecret: '',
  scope: '',
  guessEndpoints: false,
  omitResource: false,
};

/** Without what was left empty. */
export function wishBody({ clientId, clientSecret, scope, ...rest }: LoginWish): Omit<BeginLogin, 'way'> {
  return {
    ...rest,
    ...(clientId === '' ? {} : { clientId: clientId.trim() }),
    ...(clientSecret === '' ? {} : { clientSecret }),
    ...(scope.trim() === '' ? {} : { scope: scope.trim() }),
  };
}

export function LoginOptions({
  wish,
  onWish,
  isOpen,
  busy,
  onBegin,
}: {
  wish: LoginWish;
  onWish(wish: LoginWish): void;
  isOpen: boolean;
  busy: boolean;
  onBegin(): void;
}) {
  const [isShown, setShown] = useState(isOpen);
  useEffect(() => setShown((shown) => shown || isOpen), [isOpen]);
  const change = (part: Partial<LoginWish>) => onWish({ ...wish, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onBegin();
  };
  return (
    <details open={isShown} onToggle={({ currentTarget }) => setShown(currentTarget.open)}>
      <summary className="text-[13px] text-ink-2">{t('A client of your own, or another scope')}</summary>
      <form onSubmit={submit} className="mt-3 space-y-4">
        <Field
          label={t('Client id')}
          hint={t('Of a client that you made at that server by hand, where Alfred is not let in by itself.')}
        >
          {(props) => (
            <Input
              {...props}
              autoComplete="off"
              spellCheck={false}
              value={wish.clientId}
              onChange={({ target }) => change({ clientId: target.value })}
            />
          )}
        </Field>
        <Field label={t('Client secret')} hint={t('If it has one.')}>
          {(props) => (
            <SecretInput
              {...props}
              isNew
              value={wish.clientSecret}
              onValue={(clientSecret) => change({ clientSecret })}
            />
          )}
        </Field>
        <Field
          label={t('Scope')}
          hint={t('What to ask for, with spaces between; left empty, what the server says that it wants.')}
        >
          {(props) => (
            <Input
              {...props}
              autoComplete="off"
              spellCheck={false}
              value={wish.scope}
              onChange={({ target }) => change({ scope: target.value })}
            />
          )}
        </Field>
        <Check
          checked={wish.guessEndpoints}
          onChecked={(guessEndpoints) => change({ guessEndpoints })}
          words={t('Try the usual addresses where the server says nowhere how one signs in')}
        />
        <Check
          checked={wish.omitResource}
          onChecked={(omitResource) => change({ omitResource })}
          words={t('Do not say which server it is for, where that is refused')}
        />
        <Button type="submit" busy={busy}>
          {t('Begin anew with this')}
        </Button>
      </form>
    </details>
  );
}

const Check = ({
  checked,
  onChecked,
  words,
}: {
  checked: boolean;
  onChecked(checked: boolean): void;
  words: string;
}) => (
  <label className="flex items-start gap-2.5">
    <input
      type="checkbox"
      className="mt-1"
      checked={checked}
      onChange={({ target }) => onChecked(target.checked)}
    />
    <span>{words}</span>
  </label>
);
