/** Access for other programs: each token is shown once. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Scope, scopes } from '../../src/contract/common.ts';
import { api } from '../api/api.ts';
import { type Token, tokensQuery } from '../api/queries.ts';
import { withFreshSignIn } from '../sign-in/with-fresh-sign-in.ts';
import { ActForm } from '../ui/act-form.tsx';
import { Button } from '../ui/button.tsx';
import { CheckList } from '../ui/check-list.tsx';
import { ShownOnce } from '../ui/copy.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

const meanings: Record<Scope, string> = {
  read: t('see everything but secrets'),
  metrics: t('read the figures at /metrics'),
  run: t('start and cancel runs'),
  write: t('change skills and connections'),
  'connections:approve': t('approve what is started'),
  admin: t('everything'),
};

const options = scopes.map((scope) => ({
  value: scope,
  label: (
    <>
      {meanings[scope]} <code className="font-mono text-[13px] text-ink-3">{scope}</code>
    </>
  ),
}));

export function Tokens() {
  const tokens = useQuery(tokensQuery);
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Scope[]>(['read', 'run']);
  const [asked, setAsked] = useState<Token>();
  const renew = () => queries.invalidateQueries({ queryKey: ['tokens'] });
  const create = useMutation({
    mutationFn: () => withFreshSignIn(() => api.createToken({ body: { name, scopes: chosen } })),
    onSuccess: async () => {
      setName('');
      await renew();
    },
  });
  const revoke = useMutation({
    mutationFn: ({ id }: Token) => api.revokeToken({ params: { id } }),
    onSuccess: () => say(t('The token does not work any more')),
    onError: sayProblem,
    onSettled: async () => {
      setAsked(undefined);
      await renew();
    },
  });
  return (
    <Panel id="tokens" title={t('Access tokens')}>
      <ul className="mb-4 divide-y divide-line">
        {tokens.data?.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => setAsked(token)} />
        ))}
        {tokens.data?.length === 0 ? (
          <li className="py-2 text-ink-2">{t('None. A script on this machine may use the owner’s own.')}</li>
        ) : null}
      </ul>
      {create.data ? (
        <div className="mb-4">
          <ShownOnce text={create.data.token} />
        </div>
      ) : null}
      <ActForm
        act={create}
        verb={t('Make the token')}
        look="plain"
        isReady={chosen.length > 0}
        className="space-y-3"
      >
        <Field label={t('A new token for')}>
          {(props) => (
            <Input
              {...props}
              required
              maxLength={100}
              placeholder={t('the house’s display')}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <CheckList legend={t('It may')} options={options} chosen={chosen} onChoose={setChosen} />
      </ActForm>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        onConfirm={() => (asked ? revoke.mutate(asked) : undefined)}
        busy={revoke.isPending}
        title={t('Revoke {name}?', { name: asked?.name ?? '' })}
        verb={t('Revoke')}
      >
        {t('Whatever uses it is shut out at once. This cannot be undone.')}
      </Confirm>
    </Panel>
  );
}

const TokenRow = ({ token, onRevoke }: { token: Token; onRevoke(): void }) => (
  <li className="flex flex-wrap items-center justify-between gap-3 py-2">
    <span className="min-w-0">
      <span className="block font-medium">{token.name}</span>
      <span className="block text-[13px] text-ink-2">
        {token.skills === null
          ? token.scopes.join(', ')
          : t('runs {skills}', { skills: token.skills.join(', ') })}{' '}
        · {token.lastUsedAt ? rich('used {ago}', { ago: <Ago at={token.lastUsedAt} /> }) : t('never used')}
      </span>
    </span>
    <Button size="sm" look="danger" onClick={onRevoke}>
      {t('Revoke')}
    </Button>
  </li>
);
