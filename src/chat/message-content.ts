/** A message of a conversation as the Messages API has it. */
import type { Prisma } from '../database/client.ts';
import type { ContentBlock, TurnMessage } from '../executions/said-in-turn.ts';
import type { Teacher } from './teaching.ts';

export type Row = Prisma.MessageGetPayload<{ include: { attachments: true } }>;

/** What is attached goes along with later messages up to this, in bytes; of older ones their names do. */
export const longestAttachments = 20 * 1024 * 1024;

/** What may still be attached, in bytes; it is taken from. */
type Room = { left: number };

export function messagesOf(row: Row, room: Room, teacher: Teacher | undefined): TurnMessage[] {
  if (row.role === 'assistant') return (row.content ?? []) as unknown as TurnMessage[];
  const content = contentOf(row, room, teacher);
  return content.length === 0 ? [] : [{ role: 'user', content }];
}

/** What the owner said, what is attached before it. */
export function contentOf(
  { text, attachments }: Row,
  room: Room,
  teacher: Teacher | undefined,
): ContentBlock[] {
  const files = attachments.map((file): ContentBlock => {
    if (file.data === null || file.data.length > room.left)
      return {
        type: 'text',
        text: `[${file.name} (${file.mediaType}, ${file.bytes} bytes) was attached here]`,
      };
    room.left -= file.data.length;
    return blockOf({ ...file, data: Buffer.from(file.data) });
  });
  const request = teacher?.requestIn(text);
  const said = request === undefined || teacher === undefined ? text : teacher.wordsFor(request);
  return [...files, ...saidAlone(said)];
}

export const saidAlone = (said: string): ContentBlock[] =>
  said.trim() === '' ? [] : [{ type: 'text', text: said }];

function blockOf({ name, mediaType, data }: { name: string; mediaType: string; data: Buffer }): ContentBlock {
  const source = { type: 'base64', media_type: mediaType, data: data.toString('base64') };
  if (mediaType.startsWith('image/')) return { type: 'image', source };
  if (mediaType === 'application/pdf') return { type: 'document', source, title: name };
  return { type: 'text', text: `# Attached: ${name}\n\n${data.toString('utf8')}` };
}
