/**
 * Text on its way to a terminal. What comes from outside (outputs, tool results, names) may hold escape sequences that
 * move the cursor, rewrite what was printed or fill the clipboard, so it is cleaned before it is printed.
 */
import { stripVTControlCharacters } from 'node:util';

// C0 but tab and line feed, DEL, C1, and the marks that reorder text (UAX #9).
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** `text` without escape sequences and control characters; lines and tabs stay. */
export const clean = (text: string): string =>
  stripVTControlCharacters(text.replaceAll('\r\n', '\n')).replace(unsafe, '');

/** `text` cleaned and on one line, white space collapsed. */
export const oneLine = (text: string): string => clean(text).replace(/\s+/g, ' ').trim();

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const wide =
  /^(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}])/u;
const invisible = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

const graphemeWidth = (grapheme: string): number =>
  invisible.test(grapheme) ? 0 : wide.test(grapheme) ? 2 : 1;

/** Columns that `text` takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  const plain = stripVTControlCharacters(text);
  if (/^[\x20-\x7e]*$/.test(plain)) return plain.length;
  let width = 0;
  for (const { segment } of segmenter.segment(plain)) width += graphemeWidth(segment);
  return width;
}

/** `text` (without colours) cut to `columns` with an ellipsis where something was left out. */
export function truncate(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  if (columns < 1) return '';
  let kept = '';
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += graphemeWidth(segment);
    if (width > columns - 1) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/** `text` (may be coloured) padded to `columns` on the right, or on the left for `align: 'right'`. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return align === 'left' ? text + gap : gap + text;
}

/** Breaks every line of `text` (without colours) after `columns`, wherever that is: nothing is added, nothing lost. */
export const fold = (text: string, columns: number): string =>
  text
    .split('\n')
    .flatMap((line) => foldLine(line, Math.max(10, columns)))
    .join('\n');

function foldLine(line: string, columns: number): string[] {
  const lines = [''];
  let width = 0;
  for (const { segment } of segmenter.segment(line)) {
    width += graphemeWidth(segment);
    if (width > columns) {
      lines.push('');
      width = graphemeWidth(segment);
    }
    lines[lines.length - 1] += segment;
  }
  return lines;
}

/** Breaks one line (without colours) at spaces so that no part is wider than `columns`; long words are cut hard. */
function wrapLine(line: string, columns: number): string[] {
  if (widthOf(line) <= columns) return [line];
  const margin = /^\s*(?:[-*•] |\d+\. )?/.exec(line)?.[0] ?? '';
  const hanging = ' '.repeat(Math.min(widthOf(margin), Math.floor(columns / 2)));
  const lines: string[] = [];
  let current = margin;
  let isEmpty = true;
  const flush = () => {
    lines.push(current.trimEnd());
    current = hanging;
    isEmpty = true;
  };
  for (const word of line.slice(margin.length).split(/\s+/)) {
    if (!isEmpty && widthOf(current) + 1 + widthOf(word) > columns) flush();
    if (!isEmpty) current += ' ';
    for (const { segment } of segmenter.segment(word)) {
      if (widthOf(current) + graphemeWidth(segment) > columns) flush();
      current += segment;
      isEmpty = false;
    }
  }
  if (!isEmpty) lines.push(current.trimEnd());
  return lines;
}

/** Wraps every line of `text` (without colours) to `columns`, list items hanging; `indent` goes before each line. */
export function wrap(text: string, columns: number, indent = ''): string {
  const room = Math.max(10, columns - indent.length);
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line.replaceAll('\t', '  '), room))
    .map((line) => (line === '' ? '' : indent + line))
    .join('\n');
}
