/** How many tokens messages come to, where no endpoint has counted them. */
import type { ContentBlock, TurnMessage } from '../../executions/said-in-turn.ts';

/** Of UTF-8, so that a script of three bytes a letter counts as what it is. English has about four, JSON about three. */
const bytesOfToken = 3.5;
/** Of an image, which is made smaller where it is larger. */
const imageTokens = 1_600;
/** A page of a PDF is about 50 kB and 2,000 tokens. */
const pdfBytesOfToken = 25;

export const tokensOf = (messages: readonly TurnMessage[]): number =>
  messages.reduce(
    (sum, { content }) => sum + content.reduce((all, block) => all + tokensOfBlock(block), 0),
    0,
  );

function tokensOfBlock(block: ContentBlock): number {
  if (block.type === 'image') return imageTokens;
  if (block.type === 'document') {
    const { data = '' } = (block.source ?? {}) as { data?: string };
    return imageTokens + Math.ceil((data.length * 3) / 4 / pdfBytesOfToken);
  }
  if (block.type === 'tool_result' && Array.isArray(block.content))
    return (block.content as ContentBlock[]).reduce((sum, each) => sum + tokensOfBlock(each), 0);
  return textTokens(typeof block.text === 'string' ? block.text : JSON.stringify(block));
}

export const textTokens = (text: string): number => Math.ceil(Buffer.byteLength(text) / bytesOfToken);
