/** Texts that fit into what a channel takes. Whole characters are kept, and what is missing is said. */

const mark = '…';

/** @param longest in UTF-16 units, as JavaScript, Telegram and Slack count */
export const cutText = (text: string, longest: number): string =>
  text.length <= longest ? text : `${whole(text.slice(0, longest - mark.length)).trimEnd()}${mark}`;

/** @param longest in bytes of UTF-8 */
export function cutBytes(text: string, longest: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= longest) return text;
  const room = longest - Buffer.byteLength(mark);
  // A character that was cut in its middle decodes to the replacement character.
  const kept = bytes
    .subarray(0, room)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
  return `${kept.trimEnd()}${mark}`;
}

/** The text without half a character at its end. */
const whole = (text: string): string => text.replace(/[\uD800-\uDBFF]$/, '');

/** A text of several lines as one line. */
export const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
