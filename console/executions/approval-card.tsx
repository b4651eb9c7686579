/** One call that waits for a person: what would be done, exactly how, and the two answers. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Approval } from '../../src/contract/approvals.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { useKeys } from '../layout/use-keys.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Hand } from '../ui/icons.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';
import { AskedCall, Deed } from './asked-call.tsx';

// The page of a link has them from here, so that both come in one file.
export { AskedCall, Deed };

type Waiting = Pick<Approval, 'id' | 'name' | 'arguments' | 'argumentsHash' | 'expiresAt'>;
type Decision = 'approve' | 'deny';

export function ApprovalCard({
  approval,
  asker,
  hasKeys = false,
}: {
  approval: Waiting;
  /** Who asks: the skill, or `It` where there is only one. */
  asker: ReactNode;
  /** Whether it is decided by keys too: of several that are shown, one. */
  hasKeys?: boolean;
}) {
  const [note, setNote] = useState('');
  const decide = useDecide(approval, note);
  useKeys(
    hasKeys && !decide.isPending
      ? { 'mod+enter': () => decide.mutate('approve'), 'mod+backspace': () => decide.mutate('deny') }
      : {},
  );
  const isBusy = (decision: Decision) => decide.isPending && decide.variables === decision;
  return (
    <article className="space-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
      <Question approval={approval} asker={asker} />
      <AskedCall name={approval.name} value={approval.arguments} />
      <Field label={t('Note to Alfred')} hint={t('Optional. Alfred reads it if you deny.')}>
        {(props) => (
          <Input {...props} maxLength={2000} value={note} onChange={({ target }) => setNote(target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button look="primary" busy={isBusy('approve')} onClick={() => decide.mutate('approve')}>
          {t('Approve')}
        </Button>
        <Button look="danger" busy={isBusy('deny')} onClick={() => decide.mutate('deny')}>
          {t('Deny')}
        </Button>
        {hasKeys ? (
          <span className="hidden text-[13px] text-ink-2 pointer-fine:inline">
            {rich('or <kbd>Ctrl Enter</kbd>, <kbd>Ctrl Backspace</kbd>', {
              kbd: (words) => <kbd className="font-mono text-xs">{words}</kbd>,
            })}
          </span>
        ) : null}
      </div>
    </article>
  );
}

function useDecide({ id, argumentsHash }: Waiting, note: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (decision: Decision) =>
      api.decideApproval({
        params: { id },
        // The call that was looked at, and no other.
        body: { decision, argumentsHash, ...(note.trim() === '' ? {} : { note }) },
      }),
    onSuccess: (_, decision) =>
      say(decision === 'approve' ? t('Approved: the run goes on') : t('Denied: it is not done')),
    onError: sayProblem,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['approvals'] });
      await queries.invalidateQueries({ queryKey: ['executions'] });
    },
  });
}

function Question({ approval: { name, expiresAt }, asker }: { approval: Waiting; asker: ReactNode }) {
  const tool = parseToolName(name);
  return (
    <div className="space-y-0.5">
      <p className="flex flex-wrap items-center justify-between gap-x-2">
        <span>
          <Hand aria-hidden="true" className="mr-2 inline size-4 align-[-0.2em] text-wait" />
          {rich('{asker} wants to do this with {connection}:', {
            asker,
            connection: visibleText(tool?.connection ?? ''),
          })}
        </span>
        <span className="text-[13px] text-ink-2">
          {rich('expires {ago}', { ago: <Ago at={expiresAt} /> })}
        </span>
      </p>
      <Deed name={name} />
    </div>
  );
}
