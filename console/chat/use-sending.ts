import { useMutation } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { Conversation } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { sayProblem } from '../ui/toast.ts';
import { lastBehind } from './branches.ts';
import type { ConversationView } from './conversation-view.ts';
import { type Draft, type Said, withUnsent } from './draft.ts';
import type { MessageActions } from './message-actions.tsx';
import { send, sendSaid } from './send.ts';
import { type Latest, useLatest } from './use-latest.ts';

type Around = {
  /** What is written and not sent. */
  draft: Draft;
  onDraft(draft: Draft): void;
  onConversation(conversation: Conversation): void;
};

/** Everything that one can do in a conversation. What it comes to is told by the conversation's stream. */
export function useSending(id: string, view: ConversationView, around: Around) {
  const say = useMutation({
    mutationFn: (said: Said) => sendSaid(id, said),
    onError: (_, said) => latest.current.onDraft(withUnsent(latest.current.draft, said)),
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
    onSend: (said: Said) => say.mutate(said),
    onStop: () => stop.mutate(),
  };
}

type Here = Latest<Around & { view: ConversationView }>;

function actionsOf(id: string, latest: Here): MessageActions {
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
      if (current.draft.text === '') current.onDraft({ ...current.draft, text });
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
