/**
 * Text as a person approves it: to the character. What cannot be seen, or cannot be told from something else, is written as
 * JSON escapes it (RFC 8259, section 7), never left out: two texts that differ look different, and what is shown reads back
 * as what is sent. The terminal, the console and notices all show by this.
 */

/**
 * What shows as nothing, as a blank or moves other text: control, format, private, unassigned and lone characters, line and
 * paragraph separators, every blank but the space, what Unicode says may be left undrawn (variation selectors, tags, fillers),
 * and symbols whose picture is empty.
 */
const invisible =
  /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{16fe4}]|(?! )\p{Zs}|(?<![\p{L}\p{M}\p{N}\p{S}])\p{M}+/gu;

/** `text` in escapes: `\u202e`, and a pair of them above the first 65,536 characters. */
const escaped = (text: string): string =>
  text
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** What JSON has no short escape for, on lines of which each was written by JSON itself. */
const escapeRest = (json: string): string =>
  json.replace(invisible, (found) => (found === '\n' ? found : escaped(found)));

/** Any JSON value, indented by two spaces: `JSON.parse` gives it back. */
export const visibleJson = (value: unknown): string => escapeRest(JSON.stringify(value, null, 2) ?? 'null');

/** The same on one line. */
export const visibleJsonLine = (value: unknown): string => escapeRest(JSON.stringify(value) ?? 'null');

/** A text on one line, as it would stand within the quotes of JSON. */
export const visibleText = (text: string): string => visibleJsonLine(text).slice(1, -1);

/** A text whose line ends and tabs stay; a backslash that would read as an escape is doubled. */
export const visibleLines = (text: string): string =>
  text
    .replace(/\\(?=u[0-9a-f]{4})/gi, '\\\\')
    .replace(invisible, (found) => (found === '\n' || found === '\t' ? found : escaped(found)));

/** One word of a command, in quotes where a shell would need them. */
export const visibleWord = (word: string): string =>
  /^[\w@%+=:,./…-]+$/.test(word)
    ? word
    : `'${visibleLines(word).replaceAll('\n', '\\u000a').replaceAll('\t', '\\u0009').replaceAll("'", "'\\''")}'`;
