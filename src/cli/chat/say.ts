import type { Message, NewMessage } from '../../contract/chat.ts';
import type { Api } from '../api.ts';
import type { Context } from '../context.ts';
import { showAnswer } from './show-answer.ts';
import type { TypedAhead } from './typed-ahead.ts';

/**
 * Says one thing and shows the answer; Ctrl-C stops it, and a second one leaves.
 *
 * @param typed keeps what is typed meanwhile, for who says that next
 */
export async function say(
  context: Context,
  api: Api,
  id: string,
  message: Pick<NewMessage, 'text' | 'attachments'>,
  typed?: TypedAhead,
): Promise<Message | undefined> {
  const { lastEventId } = await api.getConversation({ params: { id } });
  const sent = await api.sendMessage({ params: { id }, body: message });
  const answerId = 'answerId' in sent ? sent.answerId : sent.id;
  const leaving = new AbortController();
  let interrupts = 0;
  const stop = () => void api.stopAnswer({ params: { id } }).catch(() => leaving.abort());
  const stopListening = context.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) leaving.abort();
    else stop();
  });
  try {
    const asked = { conversationId: id, answerId, after: lastEventId };
    return await showAnswer(context, api, asked, { signal: leaving.signal, typed, stop });
  } finally {
    stopListening();
  }
}
