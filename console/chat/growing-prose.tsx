import { memo } from 'react';
import { Prose } from '../ui/prose.tsx';
import { markdownBlocks } from './markdown-blocks.ts';

const Block = memo(Prose);

/** A text that grows: what stands of it is not drawn anew with each word. */
export const GrowingProse = memo(({ text }: { text: string }) => (
  <div className="space-y-3">
    {markdownBlocks(text).map((block, index) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: blocks keep their places, as the text only grows
      <Block key={index} text={block} />
    ))}
  </div>
));
GrowingProse.displayName = 'GrowingProse';
