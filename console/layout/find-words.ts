/** What was typed to be found, word by word. */
import { t } from '../words/t.ts';

/** Words of a question that say nothing of what it is about. */
const idle = new Set(
  t(
    'a an the my me i of its it is are was were do does did s to for in on at and or what how when which while last get show find thing things please',
  ).split(' '),
);

/** The words that name something; where all are idle, those. */
export function wordsOf(typed: string): string[] {
  const words = typed
    .toLowerCase()
    .split(/[\s'’?!,]+/)
    .filter((word) => word !== '');
  const telling = words.filter((word) => !idle.has(word));
  return telling.length === 0 ? words : telling;
}
