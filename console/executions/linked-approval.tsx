/**
 * A call that waits, from the link in a notice: what would be done, exactly how, and the two answers. It needs no session, and shows nothing else. The
 * token is taken out of the address before anything happens, and nothing is decided by opening it.
 */
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { LinkedApproval } from '../../src/contract/approval-links.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { useArmed } from '../apps/use-armed.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { SkeletonRows } from '../ui/panel.tsx';
import { ProblemNote } from '../ui/problem.tsx';
import { Ago } from '../ui/time.tsx';
import { rich, t } from '../words/t.ts';
import { AskedCall, Deed } from './approval-card.tsx';

const token = location.hash.slice(1);
history.replaceState(history.state, '', location.pathname);

export function LinkedApprovalPage() {
  const call = useQuery({
    queryKey: ['approval-link'],
    queryFn: () => api.lookAtApprovalLink({ body: { token } }),
    enabled: token !== '',
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <main className="mx-auto max-w-2xl space-y-5 p-6">
      <img src="/icon.svg" alt="" className="size-9" />
      {token === '' ? (
        <Said title={t('There is nothing to decide here')}>
          {t('Open the link of the notice once more.')}
        </Said>
      ) : call.data ? (
        <Asked call={call.data} />
      ) : call.error ? (
        <>
          <h1 className="text-[22px] font-semibold tracking-tight">{t('This waited for your decision')}</h1>
          <ProblemNote error={call.error} />
        </>
      ) : (
        <SkeletonRows rows={3} />
      )}
    </main>
  );
}

const Said = ({ title, children }: { title: string; children: ReactNode }) => (
  <div role="status" className="space-y-1">
    <h1 className="text-[22px] font-semibold tracking-tight">{title}</h1>
    <p className="text-ink-2">{children}</p>
  </div>
);

function Asked({ call }: { call: LinkedApproval }) {
  const [note, setNote] = useState('');
  const isArmed = useArmed();
  const { argumentsHash, skillName, name, expiresAt } = call;
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'deny') =>
      api.decideByApprovalLink({
        // The call that was looked at, and no other.
        body: { token, decision, argumentsHash, ...(note.trim() === '' ? {} : { note }) },
      }),
  });
  if (decide.data) {
    return decide.data.status === 'approved' ? (
      <Said title={t('Approved')}>{t('The run goes on. You can close this page.')}</Said>
    ) : (
      <Said title={t('Denied')}>{t('It is not done, and Alfred is told so. You can close this page.')}</Said>
    );
  }
  const tool = parseToolName(name);
  const isBusy = (decision: string) => decide.isPending && decide.variables === decision;
  return (
    <>
      <div className="space-y-1">
        <h1 className="text-[22px] font-semibold tracking-tight break-words">
          {t('{skillName} asks for your approval', { skillName: visibleText(skillName) })}
        </h1>
        <p className="text-ink-2 break-words">
          {rich('It wants to do this with {connection}, and waits until {ago}:', {
            connection: visibleText(tool?.connection ?? ''),
            ago: <Ago at={expiresAt} />,
          })}
        </p>
        <Deed name={name} />
      </div>
      <AskedCall name={name} value={call.arguments} />
      <Field label={t('Note to Alfred')} hint={t('Optional. Alfred reads it if you deny.')}>
        {(props) => (
          <Input {...props} maxLength={2000} value={note} onChange={({ target }) => setNote(target.value)} />
        )}
      </Field>
      {decide.error ? <ProblemNote error={decide.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={isBusy('approve')}
          disabled={!isArmed || decide.isPending}
          onClick={() => decide.mutate('approve')}
        >
          {t('Approve')}
        </Button>
        <Button
          look="danger"
          busy={isBusy('deny')}
          disabled={decide.isPending}
          onClick={() => decide.mutate('deny')}
        >
          {t('Deny')}
        </Button>
      </div>
    </>
  );
}
