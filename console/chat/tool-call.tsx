/** One call of a tool: a line, and behind it what it was given and what came back. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { ChatToolCall } from '../../src/contract/chat.ts';
import { parseToolName } from '../../src/contract/tool-name.ts';
import { visibleLines, visibleText } from '../../src/contract/visible.ts';
import { InnerRun } from '../executions/inner-run.tsx';
import { cx } from '../ui/cx.ts';
import { duration } from '../ui/format.ts';
import { Ban, Check, type Icon, LoaderCircle, TriangleAlert, X } from '../ui/icons.tsx';
import { JsonBox } from '../ui/json-tree.tsx';
import { ChevronRight } from '../ui/more-icons.tsx';
import { t } from '../words/t.ts';

type Look = { icon: Icon; tone: string; word: string };

const looks: Record<ChatToolCall['status'], Look> = {
  intended: { icon: LoaderCircle, tone: 'animate-spin text-live', word: t('is called') },
  dispatched: { icon: LoaderCircle, tone: 'animate-spin text-live', word: t('is called') },
  done: { icon: Check, tone: 'text-good', word: t('answered') },
  failed: { icon: X, tone: 'text-bad', word: t('failed') },
  denied: { icon: Ban, tone: 'text-wait', word: t('denied') },
  unknown: { icon: TriangleAlert, tone: 'text-wait', word: t('interrupted: it may have happened') },
};

export function ToolCall({ call, isUnderWay }: { call: ChatToolCall; isUnderWay: boolean }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details
      open={isOpen}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="min-w-0 rounded-lg border border-line bg-surface text-[13px]"
    >
      <summary className="flex items-center gap-2 rounded-lg px-3 py-1.5 hover:bg-hover">
        <Line call={call} isUnderWay={isUnderWay} />
        <ChevronRight
          aria-hidden="true"
          className={cx('size-3.5 shrink-0 text-ink-3 transition-transform', isOpen && 'rotate-90')}
        />
      </summary>
      {isOpen ? <Behind call={call} /> : null}
    </details>
  );
}

function Line({ call, isUnderWay }: { call: ChatToolCall; isUnderWay: boolean }) {
  const tool = parseToolName(call.name);
  // A call that was never made stands still once the answer is over.
  const isOpen = call.status === 'intended' || call.status === 'dispatched';
  const { icon: StatusIcon, tone, word } = isOpen && !isUnderWay ? looks.denied : looks[call.status];
  return (
    <>
      <StatusIcon aria-hidden="true" className={cx('size-3.5 shrink-0', tone)} />
      <span className="shrink-0">
        <span className="text-ink-2">{tool?.connection}</span>{' '}
        <span className="font-medium">{visibleText(tool?.tool ?? call.name)}</span>{' '}
        <span className={cx(call.status === 'done' ? 'sr-only' : 'text-ink-2')}>{word}</span>
      </span>
      <span className="min-w-0 flex-1 truncate text-ink-3">
        {isOpen && isUnderWay && call.executionId ? (
          <InnerRun id={call.executionId} />
        ) : (
          (call.error ?? call.preview)
        )}
      </span>
      {call.durationMs == null ? null : (
        <span className="shrink-0 text-ink-2 tabular-nums">{duration(call.durationMs)}</span>
      )}
    </>
  );
}

const Behind = ({ call }: { call: ChatToolCall }) => (
  <div className="space-y-3 border-t border-line px-3 py-3">
    <div>
      <p className="mb-1 text-ink-2">{t('Given')}</p>
      <JsonBox value={call.arguments ?? {}} />
    </div>
    {call.error || call.preview ? (
      <div>
        <p className="mb-1 text-ink-2">{call.error ? t('What went wrong') : t('How its answer begins')}</p>
        <p className={cx('break-words whitespace-pre-wrap', call.error && 'text-bad')}>
          {visibleLines(call.error ?? call.preview ?? '')}
        </p>
      </div>
    ) : null}
    {call.executionId ? (
      <Link
        to="/executions/$id"
        params={{ id: call.executionId }}
        className="font-medium text-accent hover:underline"
      >
        {t('The run that it started')}
      </Link>
    ) : null}
  </div>
);
