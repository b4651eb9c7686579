/** What a step is made of: turns of the model, calls of tools, and where it was begun again. */

import { memo } from 'react';
import { isRehearsed } from '../../src/contract/execution-status.ts';
import type { Execution } from '../../src/contract/executions.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import type { Pause } from '../api/run-pauses.ts';
import {
  type AgainView,
  type ItemView,
  isAnswered,
  type ToolCallView,
  type TurnView,
} from '../api/run-shapes.ts';
import { tokensOf } from '../api/run-turns.ts';
import { cx } from '../ui/cx.ts';
import { count, duration, exactClock, money } from '../ui/format.ts';
import { Sparkles } from '../ui/icons.tsx';
import { JsonBox } from '../ui/json-tree.tsx';
import { RotateCcw, Wrench } from '../ui/more-icons.tsx';
import { Prose } from '../ui/prose.tsx';
import { t } from '../words/t.ts';
import { ResultView } from './execution-result.tsx';
import { Facts, Part, Row, spanOf } from './timeline-row.tsx';

export const isUnderWay = (item: ItemView): boolean =>
  item.kind === 'tool_call'
    ? item.status === 'intended' || item.status === 'dispatched'
    : item.kind === 'turn' && item.finishedAt === undefined;

type Place = {
  pauses: readonly Pause[];
  from: number;
  /** Left out for what is over. */
  now: number | undefined;
  execution: Execution;
};

/** Drawn anew only when something of it changed: a run may have thousands, and tell of fifty a second. */
export const ItemRow = memo(function ItemRow({ item, ...place }: Place & { item: ItemView }) {
  if (item.kind === 'turn') return <TurnRow turn={item} {...place} />;
  if (item.kind === 'tool_call') return <CallRow call={item} {...place} />;
  return <AgainRow again={item} />;
});

function TurnRow({ turn, pauses, from, now, execution }: Place & { turn: TurnView }) {
  const isBad = !isAnswered(turn);
  return (
    <Row
      icon={<Sparkles aria-hidden="true" className={cx('size-3.5', isBad ? 'text-bad' : 'text-accent')} />}
      name={
        <>
          <span className={cx('font-medium', isBad && 'text-bad')}>{t('Model')}</span>{' '}
          {isBad ? <span className="ml-1 text-[13px] text-bad">{t('gave no answer')}</span> : null}
        </>
      }
      note={turnNote(turn)}
      depth={1}
      tone={isBad ? 'bad' : 'turn'}
      span={spanOf({ pauses }, from, turn.startedAt, turn.finishedAt, now)}
      usage={turn.usage}
      isFree={isRehearsed(execution)}
    >
      {() => <TurnBehind turn={turn} isFree={isRehearsed(execution)} />}
    </Row>
  );
}

/** In a line: what it said, or that it only thought or asked for tools. */
function turnNote({ parts, finishedAt }: TurnView): string {
  const words = parts.find((part) => part.kind === 'text') ?? parts.find((part) => part.kind === 'program');
  const said = words?.text.trim();
  if (said)
    return said
      .replace(/[#*`|]+|-{3,}/g, '')
      .replace(/\s+/g, ' ')
      .slice(0, 160)
      .trim();
  const asked = parts.flatMap((part) => (part.kind === 'calls' ? [toolOf(part.name).tool] : []));
  if (asked.length > 0) return t('asks for {asked}', { asked: asked.join(', ') });
  if (finishedAt === undefined) return parts.length === 0 ? t('begins to answer') : t('thinks');
  return parts.length === 0 ? t('gave no answer') : t('thought');
}

function TurnBehind({ turn, isFree }: { turn: TurnView; isFree: boolean }) {
  const thoughts = turn.parts.filter((part) => part.kind === 'thinking');
  const asked = turn.parts.flatMap((part) => (part.kind === 'calls' ? [toolOf(part.name).tool] : []));
  const { usage } = turn;
  return (
    <>
      <Facts
        facts={[
          t('turn {number}', { number: turn.number }),
          isAnswered(turn) && turn.model,
          exactClock(turn.startedAt),
          usage &&
            tokensOf(usage) > 0 &&
            t('{inputTokens} tokens read anew', { inputTokens: count(usage.inputTokens) }),
          usage &&
            usage.cacheReadTokens > 0 &&
            t('{cacheReadTokens} remembered', { cacheReadTokens: count(usage.cacheReadTokens) }),
          usage &&
            usage.cacheWriteTokens > 0 &&
            t('{cacheWriteTokens} put to memory', { cacheWriteTokens: count(usage.cacheWriteTokens) }),
          usage &&
            usage.outputTokens > 0 &&
            t('{outputTokens} written', { outputTokens: count(usage.outputTokens) }),
          usage && !isFree && (usage.costUsd === null ? t('unpriced') : money(usage.costUsd)),
        ]}
      />
      {thoughts.length === 0 ? null : (
        <Part name={t('It thought')}>
          <p className="max-h-72 overflow-auto border-l-2 border-line pl-3 break-words whitespace-pre-wrap text-ink-2">
            {thoughts.map(({ text }) => text).join('\n\n')}
          </p>
        </Part>
      )}
      {turn.parts.map((part, index) =>
        part.kind === 'text' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are added at the end only
          <Part key={index} name={t('It said')}>
            <Prose text={part.text} />
          </Part>
        ) : part.kind === 'program' ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: parts are added at the end only
          <Part key={index} name={t('The agent’s program added')}>
            <p className="break-words whitespace-pre-wrap text-ink-2">{part.text}</p>
          </Part>
        ) : null,
      )}
      {asked.length === 0 ? null : (
        <Part name={t('It asked for')}>
          <p>{asked.join(', ')}</p>
        </Part>
      )}
    </>
  );
}

function CallRow({ call, pauses, from, now, execution }: Place & { call: ToolCallView }) {
  const { connection, tool } = toolOf(call.name);
  const isBad = call.status === 'failed' || call.status === 'denied' || call.status === 'unknown';
  const finishedAt =
    call.durationMs === undefined ? undefined : call.startedAt + Math.max(0, call.durationMs);
  return (
    <Row
      icon={<Wrench aria-hidden="true" className={cx('size-3.5', isBad ? 'text-bad' : 'text-ink-3')} />}
      name={
        <>
          <span className="text-ink-2">{connection}</span>{' '}
          <span className={cx('font-medium', isBad && 'text-bad')}>{tool}</span>{' '}
          {isBad ? <span className="ml-1 text-[13px] text-bad">{badWords[call.status]}</span> : null}
        </>
      }
      note={call.error ?? shortArguments(call.arguments)}
      depth={2}
      tone={isBad ? 'bad' : 'tool'}
      span={spanOf({ pauses }, from, call.startedAt, finishedAt, now)}
      isFree
    >
      {() => <CallBehind call={call} execution={execution} />}
    </Row>
  );
}

const badWords: Partial<Record<ToolCallView['status'], string>> = {
  failed: t('failed'),
  denied: t('denied'),
  unknown: t('interrupted: it may have happened'),
};

function CallBehind({ call, execution }: { call: ToolCallView; execution: Execution }) {
  // The row keeps the answer as the tool gave it; while the run goes on there is what the model was given of it.
  const kept = execution.toolCalls.find(({ id }) => id === call.id);
  const isReadOnly = call.isReadOnly ?? kept?.readOnly;
  const answer = kept?.result ?? call.answer ?? call.error ?? call.preview;
  return (
    <>
      <Facts
        facts={[
          exactClock(call.startedAt),
          isReadOnly !== undefined && (isReadOnly ? t('only reads') : t('may change something')),
          execution.mode === 'replay'
            ? kept?.answeredBy != null && t('answered by what was recorded in the earlier run')
            : call.durationMs !== undefined &&
              t('answered after {durationMs}', { durationMs: duration(call.durationMs) }),
        ]}
      />
      <Part name={t('Sent')}>
        <JsonBox value={call.arguments ?? kept?.arguments ?? {}} />
      </Part>
      {answer === undefined || answer === null ? null : (
        <Part name={t('Answered')}>
          <ResultView value={answer} />
        </Part>
      )}
    </>
  );
}

const AgainRow = ({ again: { pause } }: { again: AgainView }) => (
  <p className="flex items-center gap-2 bg-wait-soft/50 px-3 py-1.5 pl-6 text-[13px] text-ink-2 md:pl-9">
    <RotateCcw aria-hidden="true" className="size-3.5 shrink-0 text-wait" />
    <span className="min-w-0 break-words">{againWords(pause)}</span>
  </p>
);

function againWords(pause: Pause | undefined): string {
  const waited = pause?.to === undefined ? 'none' : duration(pause.to - pause.from);
  if (pause?.why === 'waiting_approval')
    return t('It waited{waited, select, none {} other { {waited}}} for your decision, and went on.', {
      waited,
    });
  const again = t('The step was begun again{waited, select, none {} other { after {waited}}}.', { waited });
  return pause?.error ? `${pause.error} ${again}` : again;
}

const toolOf = (name: string) => parseToolName(name) ?? { connection: '', tool: name };

const shortArguments = (value: unknown): string => {
  const text = JSON.stringify(value ?? {});
  return text === '{}' ? '' : text.length > 120 ? `${text.slice(0, 119)}…` : text;
};
