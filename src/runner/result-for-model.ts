/**
 * What the model is given of a tool's result. It takes text and images; of everything else it is told what there was and
 * whether the record has it, as the agent's program would speak of files that the model cannot open.
 */

import type { CallToolResult } from '../connections/pool/link.ts';
import { boundResult } from '../connections/tools/bound-result.ts';

type Block = CallToolResult['content'][number];
type TextBlock = { type: 'text'; text: string };
type ImageBlock = { type: 'image'; mimeType: string; data: string };

export type ModelResult = { content: (TextBlock | ImageBlock)[]; isError: boolean };

/** Longer texts would be put into a file that the model cannot read; in characters. */
export const longestText = 50_000;
/** An image goes to the model whole up to this size, in characters of base64. */
const longestImage = 5_000_000;

/** Images that the Messages API takes, and how each begins in base64: some servers call them by a wrong name. */
const images = [
  { mimeType: 'image/png', start: /^iVBORw0KGg/ },
  { mimeType: 'image/jpeg', start: /^\/9j\// },
  { mimeType: 'image/gif', start: /^R0lGOD/ },
  { mimeType: 'image/webp', start: /^UklGR/ },
];

/**
 * @param kept the same result as the record has it: its blocks are those of `result`, where they fit
 */
export function resultForModel(result: CallToolResult, kept: CallToolResult): ModelResult {
  const isError = result.isError === true;
  const blocks = result.content.flatMap((block) => blocksOf(block, isError, kept.content.includes(block)));
  const said = blocks.filter((block) => block.type === 'text');
  // Where there is a text, it says the same, and says numbers exactly that JSON rounds.
  if (said.length === 0 && result.structuredContent !== undefined)
    said.push(text(JSON.stringify(result.structuredContent)));
  if (said.length === 0 && isError) said.push(text('The tool reported an error.'));
  const { content } = boundResult({ content: said }, longestText);
  return {
    content: [
      ...content.filter((block) => block.type === 'text').map((block) => text(block.text)),
      ...blocks.filter((block) => block.type === 'image'),
    ],
    isError,
  };
}

const text = (value: string): TextBlock => ({ type: 'text', text: value });

/** @param isError then the model is given text alone */
function blocksOf(block: Block, isError: boolean, isKept: boolean): ModelResult['content'] {
  switch (block.type) {
    case 'text':
      return block.text === '' ? [] : [text(block.text)];
    case 'image':
      return binaryOf(block.data, block.mimeType, undefined, isError, isKept);
    case 'audio':
      return [text(notShown(block.data, block.mimeType, undefined, isKept))];
    case 'resource_link':
      return [
        text(
          `[Resource link: ${block.name}] ${block.uri}${block.description === undefined ? '' : ` (${block.description})`}`,
        ),
      ];
    case 'resource': {
      const { resource } = block;
      if ('text' in resource) return [text(`[Resource ${resource.uri}]\n${resource.text}`)];
      return binaryOf(resource.blob, resource.mimeType, resource.uri, isError, isKept);
    }
  }
}

function binaryOf(
  data: string,
  mimeType: string | undefined,
  uri: string | undefined,
  isError: boolean,
  isKept: boolean,
): ModelResult['content'] {
  const image = mimeType?.toLowerCase().startsWith('image/')
    ? images.find(({ start }) => start.test(data))
    : undefined;
  if (image === undefined || isError || data.length > longestImage)
    return [text(notShown(data, mimeType, uri, isKept))];
  const shown: ImageBlock = { type: 'image', mimeType: image.mimeType, data };
  return uri === undefined ? [shown] : [text(`[Resource ${uri}: an image, shown]`), shown];
}

function notShown(
  data: string,
  mimeType: string | undefined,
  uri: string | undefined,
  isKept: boolean,
): string {
  const what = [
    mimeType ?? 'binary content',
    `${Buffer.byteLength(data, 'base64')} bytes`,
    ...(uri === undefined ? [] : [uri]),
  ];
  return `[${what.join(', ')}: ${isKept ? 'kept in the record, not shown to you' : 'not shown to you, and too large to be kept in the record'}]`;
}

/** The same as content of the Messages API. */
export const apiContentOf = ({ content }: ModelResult): unknown[] =>
  content.map((block) =>
    block.type === 'text'
      ? block
      : { type: 'image', source: { type: 'base64', media_type: block.mimeType, data: block.data } },
  );
