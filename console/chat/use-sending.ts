import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import type { Conversation } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { sayProblem } from '../ui/toast.tsx';
import { lastBehind } from './branches.ts';
import type { Said } from './composer.tsx';
import type { ConversationView } from './conversation-view.ts';
import type { MessageActions } from './message-actions.tsx';
import { send, sendSaid } from './send.ts';

type Around = {
  /** What is written and not sent. */
  text: string;
  onText(text: string): void;
  onConversation(conversation: Conversation): void;
};

/** Everything that one can do in a conversation. What it comes to is told by the conversation's stream. */
export function useSending(id: string, view: ConversationView, around: Around) {
  const say = useMutation({
    mutationFn: (said: Said) => sendSaid(id, said),
    // What could not be sent is there to be sent again, unless something else is written by now.
    onError: (_, { text }) => (latest.current.text === '' ? latest.current.onText(text) : undefined),
  });
  const stop = useMutation({ mutationFn: () => api.stopAnswer({ params: { id } }), onError: sayProblem });
  const latest = useLatest({ ...around, view });
  const actions = useMemo((): MessageActions => actionsOf(id, latest), [id, latest]);
  const { data: sent, reset } = say;
  const isTold = sent !== undefined && view.messages.has(sent.messageId);
  useEffect(() => (isTold ? reset() : undefined), [isTold, reset]);
  return {
    /** What is on its way, until the stream tells of it. */
    pending: isTold || say.isIdle || say.isError ? undefined : say.variables?.text,
    error: say.error,
    actions,
    onSend: (said: Said) => {
      around.onText('');
      say.mutate(said);
    },
    onStop: () => stop.mutate(),
  };
}

type Latest = { current: Around & { view: ConversationView } };

/** The same object always, with what is so now: for what is called later. */
function useLatest(now: Latest['current']): Latest {
  const latest = useRef(now);
  latest.current = now;
  return latest;
}

function actionsOf(id: string, latest: Latest): MessageActions {
  const messageOf = (messageId: string) => latest.current.view.messages.get(messageId);
  return {
    onEdit: async (messageId, text, attachmentIds) => {
      await send(id, { text, attachmentIds, parentId: messageOf(messageId)?.parentId ?? null });
    },
    onRetry: (retryOf) => void send(id, { retryOf }).catch(sayProblem),
    onTakeBack: async (messageId) => {
      const { text = '' } = messageOf(messageId) ?? {};
      try {
        await api.takeBackMessage({ params: { id, messageId } });
      } catch (error) {
        sayProblem(error);
        return;
      }
      // It goes back to where it was written.
      const { current } = latest;
      if (current.text === '') current.onText(text);
    },
    onShow: async (messageId) => {
      const headId = lastBehind(latest.current.view.messages, messageId);
      try {
        latest.current.onConversation(await api.updateConversation({ params: { id }, body: { headId } }));
      } catch (error) {
        sayProblem(error);
      }
    },
  };
}
