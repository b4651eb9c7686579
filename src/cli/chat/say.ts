import type { Message, NewMessage } from '../../contract/chat.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { showAnswer } from './show-answer.ts';

/** Says one thing and shows the answer; Ctrl-C stops it, and a second one leaves. */
export async function say(
  context: Context,
  api: Api,
  id: string,
  message: Pick<NewMessage, 'text' | 'attachments'>,
): Promise<Message | undefined> {
  const { lastEventId } = await api.getConversation({ params: { id } });
  const sent = await api.sendMessage({ params: { id }, body: message });
  const answerId = 'answerId' in sent ? sent.answerId : sent.id;
  const leaving = new AbortController();
  let interrupts = 0;
  const stopListening = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) return leaving.abort();
    api.stopAnswer({ params: { id } }).catch(() => leaving.abort());
  });
  try {
    return await showAnswer(
      context,
      api,
      { conversationId: id, answerId, after: lastEventId },
      leaving.signal,
    );
  } finally {
    stopListening();
  }
}
