/** Bounds what comes back from a tool: no result is larger or deeper than what the rest of the VM can carry. */
import { AlfredError } from '../../kernel/errors.ts';
import type { CallToolResult } from '../pool/link.ts';
import { sizeOf } from './size-of.ts';

const maxDepth = 256;
/** What is left of a text that is cut, at least, in characters. */
const shortest = 1_000;

/** True when no array or object in `value` lies deeper than `depth`. Without recursion: the value may be built to break one. */
export function depthWithin(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let at = 0; level.length > 0; at += 1) {
    if (at > depth) return false;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return true;
}

/**
 * `result`, cut down to about `maxSize` characters where it is longer: texts lose their end, other parts go as a whole,
 * and the result says so.
 *
 * @throws AlfredError E_TOOL_FAILED when it is nested more than 256 deep
 */
export function boundResult(result: CallToolResult, maxSize: number): CallToolResult {
  if (!depthWithin(result, maxDepth)) {
    throw new AlfredError('E_TOOL_FAILED', 'The tool answered with data that is nested too deeply.');
  }
  if (sizeOf(result) <= maxSize) return result;
  let room = maxSize;
  const content: CallToolResult['content'] = [];
  for (const block of result.content) {
    const size = sizeOf(block);
    if (size <= room) content.push(block);
    else if (block.type === 'text' && room > shortest) {
      content.push({
        ...block,
        text: `${sliceWhole(block.text, room)}\n[cut: ${block.text.length} characters in all]`,
      });
    } else content.push({ type: 'text', text: `[left out: ${block.type} of about ${size} characters]` });
    room = Math.max(0, room - size);
  }
  const { structuredContent, ...rest } = result;
  if (structuredContent === undefined) return { ...rest, content };
  if (sizeOf(structuredContent) <= room) return { ...rest, content, structuredContent };
  content.push({
    type: 'text',
    text: `[left out: structured content of about ${sizeOf(structuredContent)} characters]`,
  });
  return { ...rest, content };
}

/** The first `length` characters, without half a character at the end. */
const sliceWhole = (text: string, length: number) => text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
