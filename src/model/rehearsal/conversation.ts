/** What has happened in a step so far, read from the messages of its request: the rehearsal model keeps nothing itself. */

import { isRecord } from '../../contract/is-record.ts';
import type { PastCall, ToolResult } from '../../json-schema/facts.ts';
import type { ModelRequestBody } from '../proxy/request.ts';

export type Conversation = {
  calls: PastCall[];
  /** How many answers the model has given. */
  turns: number;
};

/** The calls of a conversation, in order, each with its result. */
export function readConversation(messages: ModelRequestBody['messages']): Conversation {
  const blocks = messages.flatMap(({ role, content }) => blocksOf(content).map((block) => ({ role, block })));
  const results = new Map(
    blocks
      .filter(({ role, block }) => role === 'user' && block.type === 'tool_result')
      .map(({ block }) => [String(block.tool_use_id), resultOf(block)]),
  );
  const calls = blocks
    .filter(({ role, block }) => role === 'assistant' && block.type === 'tool_use')
    .map(({ block }) => ({
      id: String(block.id),
      name: String(block.name),
      input: isRecord(block.input) ? block.input : {},
      result: results.get(String(block.id)),
    }));
  return { calls, turns: messages.filter(({ role }) => role === 'assistant').length };
}

type Block = Record<string, unknown>;

const blocksOf = (content: unknown): Block[] =>
  typeof content === 'string'
    ? [{ type: 'text', text: content }]
    : Array.isArray(content)
      ? content.filter(isRecord)
      : [];

/** The Agent SDK adds remarks of its own to results; they are not the tool's. */
const reminder = /<system-reminder>[\s\S]*?<\/system-reminder>/g;

function resultOf(block: Block): ToolResult {
  const parts = blocksOf(block.content);
  const texts = parts
    .filter(({ type }) => type === 'text')
    .map(({ text }) => String(text).replaceAll(reminder, '').trim())
    .filter((text) => text !== '');
  return {
    text: texts.join('\n'),
    other: parts.filter(({ type }) => type !== 'text').map(describe),
    isError: block.is_error === true,
  };
}

function describe({ type, source }: Block): string {
  if (!isRecord(source)) return String(type);
  const size =
    typeof source.data === 'string' ? `, ${Math.ceil((source.data.length * 3) / 4 / 1024)} kB` : '';
  return `${String(source.media_type ?? type)}${size}`;
}
