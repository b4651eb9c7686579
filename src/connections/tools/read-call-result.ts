/** What a tool answered, block by block: one that is odd or unknown takes none away. */
import { isRecord } from '../../contract/is-record.ts';
import type { CallToolResult } from '../pool/link.ts';
import { sizeOf } from './size-of.ts';

type Block = CallToolResult['content'][number];

const isText = (value: unknown): value is string => typeof value === 'string';

/** Reads results of every version of the protocol, those of 2024-10-07 (`toolResult`) as well. */
export function readCallResult(raw: Record<string, unknown>): CallToolResult {
  const { content, toolResult, structuredContent, isError, _meta } = raw;
  // The oldest form: whatever the tool gave, which may be a result within a result.
  if (content === undefined && toolResult !== undefined) {
    if (isRecord(toolResult) && ('content' in toolResult || 'isError' in toolResult))
      return readCallResult({ isError, ...toolResult });
    return {
      content: [textBlock(isText(toolResult) ? toolResult : JSON.stringify(toolResult))],
      isError: isError === true,
    };
  }
  const blocks = (
    Array.isArray(content) ? content : content === undefined || content === null ? [] : [content]
  ).map(readBlock);
  return {
    content: blocks,
    ...(structuredContent === undefined || structuredContent === null
      ? {}
      : { structuredContent: structuredContent as never }),
    ...(isError === undefined || isError === null ? {} : { isError: isError === true || isError === 'true' }),
    ...(isRecord(_meta) ? { _meta } : {}),
  };
}

const textBlock = (text: string): Block => ({ type: 'text', text });

function readBlock(given: unknown): Block {
  if (isText(given)) return textBlock(given);
  if (!isRecord(given)) return textBlock(JSON.stringify(given) ?? '');
  const block = withoutNulls(given);
  switch (block.type) {
    case 'text':
      if (isText(block.text)) return block as Block;
      return textBlock(block.text === undefined ? '' : JSON.stringify(block.text));
    case 'image':
    case 'audio':
      if (isText(block.data) && isText(block.mimeType)) return block as Block;
      break;
    case 'resource_link':
      if (isText(block.uri)) return { ...block, name: isText(block.name) ? block.name : block.uri } as Block;
      break;
    case 'resource': {
      const { resource } = block;
      if (!isRecord(resource)) break;
      const whole = { ...withoutNulls(resource), uri: isText(resource.uri) ? resource.uri : 'unnamed' };
      if (isText(resource.text) || isText(resource.blob)) return { ...block, resource: whole } as Block;
      break;
    }
    case undefined:
      if (isText(block.text)) return textBlock(block.text);
      break;
    default:
  }
  return textBlock(unknownBlock(block));
}

const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));

/** What is in a block of a kind that we do not know, as far as it can be read. */
const unknownBlock = (block: Record<string, unknown>): string => {
  const kind = isText(block.type) ? block.type.slice(0, 60) : 'no kind';
  const size = sizeOf(block);
  return size <= 10_000
    ? `[a block of ${kind}: ${JSON.stringify(block)}]`
    : `[a block of ${kind}, about ${size} characters, left out]`;
};
