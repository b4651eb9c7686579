/** What a turn begins with: what was said before it, what is said now, and what its conversation may use. */
import type { Database, Prisma, Transaction } from '../database/client.ts';
import { readSaid } from '../executions/end-turn.ts';
import type { ExecutionRow } from '../executions/find-execution.ts';
import { type ContentBlock, saidInTurn, type TurnMessage } from '../executions/said-in-turn.ts';
import { type TurnMark, turnOf } from '../executions/turn.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import { findConversation } from './find-conversation.ts';
import { type NamedSkills, readNamedSkills } from './named-skills.ts';
import { readTeacher, type Teacher } from './teaching.ts';
import { readUsableTools, type UsableTools } from './usable-tools.ts';

export type Turn = TurnMark & {
  /** What the owner said, as it is kept. */
  message: string;
  /** The answer that the message follows; null at the beginning of a conversation. */
  after: string | null;
  /** Before the prompt; whatever this very answer had said already, when it was cut off, with it. */
  history: TurnMessage[];
  prompt: ContentBlock[];
  /** Its answer was begun in an attempt before this one. */
  isGoneOnWith: boolean;
  /** And its watchers have read words of it. */
  hasSaid: boolean;
  tools: UsableTools;
  named: NamedSkills;
  /** What the message asks to be taught; undefined where it asks for no such thing. */
  teaching: string | undefined;
  effort: string | null;
};

type Row = Prisma.MessageGetPayload<{ include: { attachments: true } }>;

/** What is attached goes along with later messages up to this, in bytes; of older ones their names do. */
const longestAttachments = 20 * 1024 * 1024;

/**
 * @returns undefined for an execution that is no turn
 * @throws AlfredError E_ROW_ALTERED when somebody else changed what was said, or what may be used
 */
export async function readTurn({ db }: { db: Database }, execution: ExecutionRow): Promise<Turn | undefined> {
  const mark = turnOf(execution);
  if (mark === undefined) return undefined;
  const tx = db.prisma;
  const conversation = await findConversation(tx, mark.conversationId);
  rowGuardOf(tx).check('conversations', conversation);
  const path = await readPath(tx, mark);
  const asked = path.at(-1);
  if (asked === undefined) throw new Error(`Turn ${execution.id} has no message`);
  const earlier = path.slice(0, -1);
  const room = { left: longestAttachments };
  const teacher = await readTeacher(tx);
  const prompt = contentOf(asked, room, teacher);
  // The latest ones first: they are what is talked about.
  const history = earlier
    .toReversed()
    .flatMap((row) => messagesOf(row, room, teacher).toReversed())
    .toReversed();
  const { text, content: said } = saidInTurn(await readSaid(tx, execution.id));
  const isGoneOnWith = said.length > 0;
  return {
    ...mark,
    message: asked.text,
    after: earlier.at(-1)?.id ?? null,
    history: isGoneOnWith ? [...history, { role: 'user', content: prompt }, ...said] : history,
    prompt: isGoneOnWith ? [{ type: 'text', text: goOn }] : prompt,
    isGoneOnWith,
    hasSaid: text !== '',
    tools: await readUsableTools(tx, conversation),
    named: await readNamedSkills(tx, asked.text),
    teaching: teacher?.requestIn(asked.text),
    effort: conversation.effort,
  };
}

const goOn =
  'Your answer was cut off where it stands above, by a restart of the server. Go on with it from there: do not begin again, and do not speak of the interruption.';

/** From the beginning of the conversation to the message that is answered, without what was taken back. */
async function readPath(tx: Transaction, { conversationId, messageId }: TurnMark): Promise<Row[]> {
  const rows = await tx.message.findMany({
    where: { conversationId },
    include: { attachments: { orderBy: { number: 'asc' } } },
  });
  const byId = new Map(rows.map((row) => [row.id, row]));
  const path: Row[] = [];
  for (let row = byId.get(messageId); row !== undefined; row = byId.get(row.parentId ?? '')) {
    if (row.takenBackAt !== null) continue;
    // Of a message whose run was purged nothing is left to go on from.
    if (row.mac !== null) rowGuardOf(tx).check('messages', row);
    path.unshift(row);
  }
  return path;
}

type Room = { left: number };

function messagesOf(row: Row, room: Room, teacher: Teacher | undefined): TurnMessage[] {
  if (row.role === 'assistant') return (row.content ?? []) as unknown as TurnMessage[];
  const content = contentOf(row, room, teacher);
  return content.length === 0 ? [] : [{ role: 'user', content }];
}

function contentOf({ text, attachments }: Row, room: Room, teacher: Teacher | undefined): ContentBlock[] {
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
  return [...files, ...(said.trim() === '' ? [] : [{ type: 'text', text: said }])];
}

function blockOf({ name, mediaType, data }: { name: string; mediaType: string; data: Buffer }): ContentBlock {
  const source = { type: 'base64', media_type: mediaType, data: data.toString('base64') };
  if (mediaType.startsWith('image/')) return { type: 'image', source };
  if (mediaType === 'application/pdf') return { type: 'document', source, title: name };
  return { type: 'text', text: `# Attached: ${name}\n\n${data.toString('utf8')}` };
}
