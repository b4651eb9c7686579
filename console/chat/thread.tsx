/** What was said, in order. Of a long conversation the end is drawn; what was before comes as one scrolls up. */
import { memo, startTransition, useEffect, useMemo, useRef, useState } from 'react';
import type { ConversationSummary, Message } from '../../src/contract/chat.ts';
import { t } from '../words/t.ts';
import { Answer } from './answer.tsx';
import { AskedMessage } from './asked-message.tsx';
import { waitingIn } from './branches.ts';
import type { ConversationView } from './conversation-view.ts';
import type { BranchPlace, MessageActions } from './message-actions.tsx';
import { SummaryNote } from './summary-note.tsx';

/** How many messages are drawn at first, and how many more at a time: few enough that the page never stands still. */
const first = 4;
const more = 4;

export function Thread({
  view: { messages, summaries, summingUp },
  branch,
  actions,
  hasKeys,
}: {
  view: ConversationView;
  branch: readonly Message[];
  actions: MessageActions;
  hasKeys: boolean;
}) {
  const [from, setFrom] = useState(() => Math.max(0, branch.length - first));
  const places = useMemo(() => placesIn(messages), [messages]);
  const waiting = useMemo(() => waitingIn(messages), [messages]);
  const summaryAt = useMemo(() => new Map(summaries.map((one) => [one.untilId, one])), [summaries]);
  const shown = branch.slice(from);
  return (
    <div role="log" aria-label={t('Conversation')} aria-live="off" className="space-y-2">
      {from > 0 ? <Earlier key={from} onSeen={() => setFrom(Math.max(0, from - more))} /> : null}
      {shown.map((message) => (
        <Said
          key={message.id}
          message={message}
          waits={waiting.has(message.id)}
          summary={summaryAt.get(message.id)}
          summingUp={summingUp?.messageId === message.id ? summingUp.messages : undefined}
          {...(places.get(message.id) ?? alone)}
          actions={actions}
          hasKeys={hasKeys}
        />
      ))}
    </div>
  );
}

const alone: BranchPlace = { number: 1, of: 1, before: undefined, behind: undefined };

/** Its place is given in parts, so that it is drawn anew only when one of them changes. */
const Said = memo(
  ({
    message,
    waits,
    summary,
    summingUp,
    actions,
    hasKeys,
    number,
    of,
    before,
    behind,
  }: BranchPlace & {
    message: Message;
    waits: boolean;
    /** What this and all before it were summed up to. */
    summary: ConversationSummary | undefined;
    summingUp: number | undefined;
    actions: MessageActions;
    hasKeys: boolean;
  }) => {
    const place = useMemo(() => ({ number, of, before, behind }), [number, of, before, behind]);
    return (
      // What is out of sight is not laid out; the room around it is for what a message draws there: focus, its buttons.
      <div className="-mx-2 px-2 pb-4 [contain-intrinsic-size:auto_10rem] [content-visibility:auto]">
        {message.role === 'user' ? (
          <AskedMessage message={message} waits={waits} place={place} actions={actions} />
        ) : (
          <Answer message={message} summingUp={summingUp} place={place} actions={actions} hasKeys={hasKeys} />
        )}
        {summary === undefined ? null : <SummaryNote summary={summary} />}
      </div>
    );
  },
);
Said.displayName = t('Said');

/** Of every message, where it stands among those that follow the same one. */
function placesIn(messages: ReadonlyMap<string, Message>): Map<string, BranchPlace> {
  const groups = Map.groupBy(messages.values(), ({ parentId }) => parentId);
  const places = new Map<string, BranchPlace>();
  for (const group of groups.values()) {
    const ids = group.toSorted((a, b) => a.turn - b.turn).map(({ id }) => id);
    for (const [index, id] of ids.entries()) {
      places.set(id, {
        number: index + 1,
        of: ids.length,
        before: ids[index - 1],
        behind: ids[index + 1],
      });
    }
  }
  return places;
}

/** Asks for earlier messages before their end is reached. */
function Earlier({ onSeen }: { onSeen(): void }) {
  const mark = useRef<HTMLDivElement>(null);
  const seen = useRef(onSeen);
  seen.current = onSeen;
  useEffect(() => {
    const at = mark.current;
    if (at === null) return;
    const observer = new IntersectionObserver(
      ([entry]) => (entry?.isIntersecting ? startTransition(() => seen.current()) : undefined),
      { rootMargin: '800px 0px 0px 0px' },
    );
    observer.observe(at);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={mark} className="py-4 text-center text-[13px] text-ink-3">
      {t('Earlier messages')}
    </div>
  );
}
