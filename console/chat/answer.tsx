/** One answer as it comes or came: its text with the calls between, what waits for a person, what it cost. */
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Message } from '../../src/contract/chat.ts';
import { ApprovalCard } from '../executions/approval-card.tsx';
import { ProposalCard } from '../proposals/proposal-card.tsx';
import { duration, money } from '../ui/format.ts';
import { TriangleAlert } from '../ui/icons.tsx';
import { CirclePause, RotateCcw } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';
import { isOver } from './branches.ts';
import { GrowingProse } from './growing-prose.tsx';
import {
  type BranchPlace,
  BranchSwitch,
  CopyText,
  type MessageActions,
  SmallButton,
} from './message-actions.tsx';
import { ToolCall } from './tool-call.tsx';

export const Answer = memo(
  ({
    message,
    summingUp,
    place,
    actions,
    hasKeys,
  }: {
    message: Message;
    /** So many earlier messages are being summed up before it can be given. */
    summingUp: number | undefined;
    place: BranchPlace;
    actions: MessageActions;
    /** Whether what it asks is decided by keys too: not while something is written. */
    hasKeys: boolean;
  }) => {
    const { parts, status, purged } = message;
    const isUnderWay = !isOver(status);
    const pending = message.approvals.filter((one) => one.status === 'pending');
    // One that waits its turn has nothing to show: its question says so.
    if (status === 'queued') return null;
    return (
      <article aria-label={t('Answer')} aria-busy={status === 'running'} className="group min-w-0 space-y-3">
        {parts.map((part, index) =>
          part.type === 'text' ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts keep their places, as an answer only grows
            <GrowingProse key={index} text={part.text} />
          ) : (
            <ToolCall key={part.call.id} call={part.call} isUnderWay={isUnderWay} />
          ),
        )}
        {proposalsOf(message).map((id) => (
          <ProposalCard key={id} id={id} />
        ))}
        {pending.map((approval, index) => (
          <ApprovalCard
            key={approval.id}
            approval={approval}
            asker={t('Alfred')}
            hasKeys={hasKeys && index === 0}
          />
        ))}
        {status === 'running' && summingUp !== undefined ? (
          <p role="status" className="animate-pulse-soft text-[13px] text-ink-2">
            {t('The conversation is long: {summingUp} earlier messages are being summed up first.', {
              summingUp,
            })}
          </p>
        ) : null}
        {status === 'running' ? <Working isSaying={parts.at(-1)?.type === 'text'} /> : null}
        {purged ? <p className="text-[13px] text-ink-3">{t('What was said here was dropped.')}</p> : null}
        <Ending message={message} />
        {isUnderWay ? null : <Foot message={message} place={place} actions={actions} />}
      </article>
    );
  },
);
Answer.displayName = t('Answer');

const proposalsOf = ({ parts }: Message): string[] =>
  parts.flatMap((part) => (part.type === 'tool_call' && part.call.proposalId ? [part.call.proposalId] : []));

/** It goes on. Behind its last words that is to be seen from the words themselves. */
const Working = ({ isSaying }: { isSaying: boolean }) =>
  isSaying ? (
    <span className="sr-only">{t('Alfred answers')}</span>
  ) : (
    <p className="flex items-center gap-1.5 py-1" role="status">
      <span className="sr-only">{t('Alfred works on it')}</span>
      {[0, 200, 400].map((delay) => (
        <span
          key={delay}
          aria-hidden="true"
          className="size-1.5 animate-pulse-soft rounded-full bg-ink-3"
          style={{ animationDelay: `${delay}ms` }}
        />
      ))}
    </p>
  );

/** How it ended, where it did not come to its end. */
function Ending({ message: { status, error } }: { message: Message }) {
  if (status === 'stopped')
    return (
      <p className="flex items-center gap-2 text-[13px] text-ink-2">
        <CirclePause aria-hidden="true" className="size-3.5" />{' '}
        {t('Stopped. What you say next goes on from here.')}
      </p>
    );
  if (status !== 'failed') return null;
  return (
    <p className="flex gap-2 rounded-lg border border-bad/30 bg-bad-soft px-3 py-2">
      <TriangleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-bad" />
      <span className="min-w-0 break-words">{error ?? t('It failed.')}</span>
    </p>
  );
}

const Foot = ({
  message,
  place,
  actions,
}: {
  message: Message;
  place: BranchPlace;
  actions: MessageActions;
}) => (
  <footer className="-ml-1.5 flex flex-wrap items-center gap-x-1 text-xs text-ink-2 tabular-nums">
    <BranchSwitch place={place} onShow={actions.onShow} />
    {message.text === '' ? null : <CopyText text={message.text} label={t('Copy the answer')} />}
    {message.purged ? null : (
      <SmallButton label={t('Try again')} icon={<RotateCcw />} onClick={() => actions.onRetry(message.id)} />
    )}
    <span className="ml-1">{factsOf(message).join(' · ')}</span>
    <span aria-hidden="true">·</span>
    <Link
      to="/executions/$id"
      params={{ id: message.executionId }}
      className="rounded-sm underline-offset-2 hover:text-ink hover:underline"
    >
      {t('What it did')}
    </Link>
  </footer>
);

function factsOf({ mode, costUsd, durationMs, model, status }: Message): string[] {
  const cost =
    mode === 'rehearsal'
      ? t('rehearsal')
      : costUsd === null
        ? status === 'done'
          ? t('unpriced')
          : ''
        : money(costUsd);
  return [durationMs === null ? '' : duration(durationMs), cost, mode === 'live' ? (model ?? '') : ''].filter(
    (fact) => fact !== '',
  );
}
