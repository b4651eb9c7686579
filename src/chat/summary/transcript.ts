/**
 * Earlier messages as one text, for whoever sums them up. Not as messages of their own: an endpoint takes no tool calls
 * without their tools, and what was said then is no instruction to who reads it now.
 */
import type { ContentBlock, TurnMessage } from '../../executions/said-in-turn.ts';

/** Of what a tool gave and of what was attached, this much says what it was, in characters. */
const longestResult = 2_000;
const longestArguments = 500;
const longestWords = 20_000;

export const transcriptOf = (messages: readonly TurnMessage[]): string =>
  messages.flatMap(({ role, content }) => content.flatMap((block) => said(role, block))).join('\n\n');

function said(role: TurnMessage['role'], block: ContentBlock): string[] {
  switch (block.type) {
    case 'text':
      return [`## ${role === 'user' ? 'Owner' : 'Alfred'}\n${cut(String(block.text), longestWords)}`];
    case 'tool_use':
      return [
        `## Alfred called ${String(block.name)}\n${cut(JSON.stringify(block.input), longestArguments)}`,
      ];
    case 'tool_result':
      return [
        `## ${block.is_error === true ? 'It failed' : 'It gave'}\n${cut(textIn(block.content), longestResult)}`,
      ];
    default:
      return [
        `## Owner\n[${block.type}${block.title === undefined ? '' : `: ${String(block.title)}`}, attached]`,
      ];
  }
}

const textIn = (content: unknown): string =>
  Array.isArray(content)
    ? (content as ContentBlock[])
        .map(({ type, text }) => (typeof text === 'string' ? text : `[${type}]`))
        .join('\n')
    : String(content ?? '');

const cut = (text: string, longest: number): string =>
  text.length <= longest
    ? text
    : `${text.slice(0, longest).toWellFormed()} […${text.length - longest} more characters]`;
