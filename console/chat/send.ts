import type { NewMessage } from '../../src/contract/chat.ts';
import { api } from '../api/api.ts';
import { randomHex } from '../api/random-hex.ts';
import type { Said } from './draft.ts';
import { readFiles } from './read-files.ts';

/** A name for one try to send: sent again, it is the same message. */
export const newClientId = (): string => randomHex(16);

/** Sends what was written to a conversation. */
export async function sendSaid(id: string, { text, files, clientId }: Said): Promise<{ messageId: string }> {
  const attachments = await readFiles(files);
  return await send(id, { text, clientId, ...(attachments.length === 0 ? {} : { attachments }) });
}

export async function send(id: string, message: Omit<NewMessage, 'text'> & { text?: string }) {
  const sent = await api.sendMessage({ params: { id }, body: { clientId: newClientId(), ...message } });
  return { messageId: 'messageId' in sent ? sent.messageId : sent.id };
}
