/**
 * Markdown in blocks that can be drawn each for itself: while a text grows, only its last block is drawn anew. What belongs
 * together (a list, a quotation, a fenced code) stays in one.
 */
export function markdownBlocks(text: string): string[] {
  const blocks: string[] = [];
  let block: string[] = [];
  let fence: string | undefined;
  let isGap = false;
  for (const line of text.split('\n')) {
    if (fence === undefined && isGap && begins(line) && !continues(block)) {
      blocks.push(block.join('\n'));
      block = [];
    }
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence) && line.trim() === mark) fence = undefined;
    isGap = fence === undefined && line.trim() === '';
    block.push(line);
  }
  return [...blocks, block.join('\n')];
}

/** Whether a line after a gap begins something of its own: it is not indented. */
const begins = (line: string): boolean => /^\S/.test(line);

/** Whether what stands before a gap may go on behind it: a list, whose items may be apart. */
const continues = (block: readonly string[]): boolean => /^ {0,3}([-+*]|\d{1,9}[.)])\s/.test(block[0] ?? '');
