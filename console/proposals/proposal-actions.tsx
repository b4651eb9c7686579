/** A person's word about a proposal: rehearse it, edit it, accept it or decline it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { DecidedProposal, Proposal } from '../../src/contract/proposals.ts';
import { api } from '../api/api.ts';
import { useKeys } from '../layout/use-keys.ts';
import { NewSecret } from '../skills/skill-secret.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { Pencil, Play, RefreshCw } from '../ui/more-icons.tsx';
import { say, sayProblem } from '../ui/toast.ts';
import { rich, t } from '../words/t.ts';

export function ProposalActions({ proposal, hasKeys = false }: { proposal: Proposal; hasKeys?: boolean }) {
  const { accept, decline, rehearse, renew, secret } = useWord(proposal);
  const [isAsking, setAsking] = useState(false);
  const isStale = proposal.status === 'stale';
  const isOpen = proposal.status === 'open';
  const isBusy = accept.isPending || decline.isPending;
  const onAccept = () => (proposal.risks.length === 0 ? accept.mutate() : setAsking(true));
  useKeys(hasKeys && isOpen && !isBusy ? { a: onAccept, r: () => rehearse.mutate() } : {});
  if (!isOpen && !isStale)
    return (
      <>
        <NewSecret made={secret} />
        <Decided proposal={proposal} />
      </>
    );
  return (
    <div className="flex flex-wrap items-center gap-2">
      {isStale ? (
        <Button
          look="primary"
          icon={<RefreshCw className="size-4" />}
          busy={renew.isPending}
          onClick={() => renew.mutate()}
        >
          {t('Look at it anew')}
        </Button>
      ) : (
        <Button look="primary" busy={accept.isPending} onClick={onAccept}>
          {t('Accept')}
        </Button>
      )}
      {isOpen ? (
        <Button
          icon={<Play className="size-4" />}
          busy={rehearse.isPending}
          title={t('Calls its read-only tools, changes nothing, and costs nothing')}
          onClick={() => rehearse.mutate()}
        >
          {proposal.rehearsalId === null ? t('Rehearse') : t('Rehearse again')}
        </Button>
      ) : null}
      <Link to="/proposals/$id/edit" params={{ id: proposal.id }} className={buttonClass()}>
        <Pencil aria-hidden="true" className="size-4" /> {t('Edit')}
      </Link>
      <Button look="quiet" busy={decline.isPending} onClick={() => decline.mutate()}>
        {t('Decline')}
      </Button>
      {hasKeys && isOpen ? (
        <span className="hidden text-[13px] text-ink-2 pointer-fine:inline">
          {rich('or <kbd>a</kbd> accepts, <kbd>r</kbd> rehearses', {
            kbd: (words) => <kbd className="font-mono text-xs">{words}</kbd>,
          })}
        </span>
      ) : null}
      <Confirm
        open={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          accept.mutate();
        }}
        title={t('Accept it with what is risky?')}
        verb={t('Accept it')}
        keep={t('Not yet')}
      >
        <ul className="list-disc space-y-1 pl-4">
          {proposal.risks.map((risk) => (
            <li key={risk} className="break-words">
              {risk}
            </li>
          ))}
        </ul>
      </Confirm>
    </div>
  );
}

function Decided({ proposal: { status, slug, decidedBy } }: { proposal: Proposal }) {
  if (status !== 'accepted')
    return (
      <p className="text-ink-2">
        {t('Declined by {decidedBy}. Nothing was saved.', { decidedBy: decidedBy ?? '' })}
      </p>
    );
  return (
    <p className="flex flex-wrap items-center gap-2">
      <Link to="/skills/$slug" params={{ slug }} search={{ run: true }} className={buttonClass('primary')}>
        <Play aria-hidden="true" className="size-4" /> {t('Run it')}
      </Link>
      <Link to="/skills/$slug" params={{ slug }} className={buttonClass()}>
        {t('See the skill')}
      </Link>
    </p>
  );
}

function useWord({ id, slug }: Proposal) {
  const queries = useQueryClient();
  const [secret, setSecret] = useState<{ secret: string; slug: string }>();
  const read = async () => {
    await queries.invalidateQueries({ queryKey: ['proposals'] });
    await queries.invalidateQueries({ queryKey: ['skills'] });
  };
  const common = { onError: sayProblem, onSettled: read };
  const params = { id };
  const tell = ({ skill }: DecidedProposal) => {
    const made = skill?.triggerConfig.secret;
    if (typeof made === 'string') setSecret({ secret: made, slug: skill?.slug ?? slug });
    say(
      t('{name} is saved as version {version}', { name: skill?.name ?? slug, version: skill?.version ?? 1 }),
      skill?.warnings?.join(' '),
    );
  };
  return {
    secret,
    accept: useMutation({
      mutationFn: () => api.decideProposal({ params, body: { decision: 'accept' } }),
      onSuccess: tell,
      ...common,
    }),
    decline: useMutation({
      mutationFn: () => api.decideProposal({ params, body: { decision: 'reject' } }),
      onSuccess: () => say(t('Declined'), t('Nothing was saved.')),
      ...common,
    }),
    renew: useMutation({
      mutationFn: () => api.editProposal({ params, body: {} }),
      onSuccess: () => say(t('It is compared with what is there now')),
      ...common,
    }),
    rehearse: useMutation({
      mutationFn: () => api.rehearseProposal({ params, body: {} }),
      onSuccess: () => say(t('It is being rehearsed'), t('Nothing is changed, and nothing costs.')),
      ...common,
    }),
  };
}
