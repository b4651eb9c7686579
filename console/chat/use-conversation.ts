import { useQuery, useQueryClient } from '@tanstack/react-query';
import { startTransition, useEffect, useState } from 'react';
import type { ChatEvent, Conversation } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { shownConversationQuery } from '../api/queries.ts';
import { addEvents, type ConversationView, viewOf } from './conversation-view.ts';
import { followConversation } from './follow-conversation.ts';

type State = {
  id: string;
  /** Undefined until it was read. */
  view: ConversationView | undefined;
  error: unknown;
  /** The stream is broken; it is opened again by itself. */
  isBroken: boolean;
};

const nothing = (id: string): State => ({
  id,
  view: undefined,
  error: undefined,
  isBroken: false,
});

/**
 * A conversation as it stands and goes on: read once, then followed from there. What comes in quick succession is shown at
 * once, when the browser draws next.
 */
export function useConversation(id: string) {
  const queries = useQueryClient();
  const { queryKey } = shownConversationQuery(id);
  // Whoever renames it, here or in the list, puts it there.
  const { data: conversation } = useQuery(shownConversationQuery(id));
  const [state, setState] = useState(nothing(id));
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    let waiting: ChatEvent[] = [];
    let frame = 0;
    const change = (part: Partial<State>) => setState((before) => ({ ...before, ...part }));
    const show = () => {
      const events = waiting;
      waiting = [];
      frame = 0;
      setState((before) =>
        before.view ? { ...before, isBroken: false, view: addEvents(before.view, events) } : before,
      );
    };
    const take = (event: ChatEvent) => {
      waiting.push(event);
      frame ||= requestAnimationFrame(show);
      if (event.event === 'message') void queries.invalidateQueries({ queryKey: ['conversations'] });
    };
    const begin = async () => {
      const whole = await api.getConversation({ params: { id } }, { signal });
      queries.setQueryData(shownConversationQuery(id).queryKey, whole);
      // In slices: a long conversation is much to draw, and the page is not to stand still over it.
      startTransition(() => change({ view: viewOf(whole) }));
      const onBroken = () => change({ isBroken: true });
      followConversation(id, { from: whole.lastEventId, signal, onEvent: take, onBroken });
    };
    setState(nothing(id));
    begin().catch((error: unknown) => (signal.aborted ? undefined : change({ error })));
    return () => {
      left.abort();
      cancelAnimationFrame(frame);
    };
  }, [id, queries]);
  const setConversation = (changed: Conversation) => {
    queries.setQueryData(queryKey, changed);
    setState((before) => ({ ...before, view: before.view && withHead(before.view, changed) }));
  };
  return { ...(state.id === id ? state : nothing(id)), conversation, setConversation };
}

/** The branch that was chosen; one that is not known here yet comes with its messages. */
const withHead = (view: ConversationView, { headId }: Conversation): ConversationView =>
  headId === null || view.messages.has(headId) ? { ...view, headId } : view;
