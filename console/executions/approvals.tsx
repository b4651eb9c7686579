/** Calls that wait for a person: exactly what would be called, and the two answers. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Approval } from '../../src/contract/approvals.ts';
import { parseToolName } from '../../src/contract/common.ts';
import { visibleText } from '../../src/contract/visible.ts';
import { api } from '../api/api.ts';
import { approvalsQuery } from '../api/queries.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Hand } from '../ui/icons.tsx';
import { ExactJson } from '../ui/json-tree.tsx';
import { Ago } from '../ui/time.tsx';
import { say, sayProblem } from '../ui/toast.tsx';

/** All that wait, or those of one execution. Nothing when none does. */
export function Approvals({ execution }: { execution?: string }) {
  const approvals = useQuery(approvalsQuery(execution));
  if (!approvals.data?.length) return null;
  return (
    <section aria-label="Waits for you" className="mb-5 space-y-3">
      {approvals.data.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} isAlone={execution !== undefined} />
      ))}
    </section>
  );
}

function ApprovalCard({ approval, isAlone }: { approval: Approval; isAlone: boolean }) {
  const [note, setNote] = useState('');
  const queries = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: 'approve' | 'deny') =>
      api.decideApproval({
        params: { id: approval.id },
        body: {
          decision,
          // The call that was looked at, and no other.
          argumentsHash: approval.argumentsHash,
          ...(note.trim() === '' ? {} : { note }),
        },
      }),
    onSuccess: (_, decision) =>
      say(decision === 'approve' ? 'Approved: the run goes on' : 'Denied: the agent is told'),
    onError: sayProblem,
    onSettled: async () => {
      await queries.invalidateQueries({ queryKey: ['approvals'] });
      await queries.invalidateQueries({ queryKey: ['executions'] });
    },
  });
  const tool = parseToolName(approval.name);
  return (
    <article className="space-y-3 rounded-xl border border-wait/40 bg-wait-soft p-4">
      <p className="flex flex-wrap items-center gap-x-2">
        <Hand aria-hidden="true" className="size-4 text-wait" />
        <span>
          {isAlone ? (
            'It'
          ) : (
            <Link
              to="/executions/$id"
              params={{ id: approval.executionId }}
              className="font-semibold hover:underline"
            >
              {approval.skillSlug}
            </Link>
          )}{' '}
          asks to call <span className="text-ink-2">{tool?.connection}</span>{' '}
          <span className="font-semibold">{visibleText(tool?.tool ?? approval.name)}</span> with exactly this:
        </span>
        <span className="ml-auto text-[13px] text-ink-2">
          expires <Ago at={approval.expiresAt} />
        </span>
      </p>
      <ExactJson value={approval.arguments} />
      <Field label="A word to the agent" hint="It is told this when you deny. May be empty.">
        {(props) => (
          <Input {...props} maxLength={2000} value={note} onChange={(event) => setNote(event.target.value)} />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button
          look="primary"
          busy={decide.isPending && decide.variables === 'approve'}
          onClick={() => decide.mutate('approve')}
        >
          Approve this call
        </Button>
        <Button
          look="danger"
          busy={decide.isPending && decide.variables === 'deny'}
          onClick={() => decide.mutate('deny')}
        >
          Deny
        </Button>
      </div>
    </article>
  );
}
