/**
 * Finds encoded forms that are broken up: base64 in lines of any length, hex with blanks, colons or line breaks between its
 * digits. A run is a stretch of such digits and gaps; it is searched with the gaps left out. Only a run that is broken
 * somewhere is: whole forms are found without this.
 */
import { type Match, PatternIndex } from './pattern-index.ts';

/** So many characters may stand between two of a form: a line break, and what its line is indented by. */
const longestGap = 32;
/** A character of a form takes no more than this in the text, gaps aside: an escaped line break has letters of its own. */
const mostPerCharacter = 3;

const [other, letter, hexDigit, blank, lineBreak] = [0, 1, 2, 3, 4];
const backslash = 0x5c;
/** Behind the text. */
const stop = 0x80;

/** What a character may be, by its code. A backslash begins an escaped line break. */
const kinds = new Uint8Array(128);
const setKind = (characters: string, kind: number) => {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
};
setKind('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/-_', letter);
setKind('0123456789ABCDEFabcdef', hexDigit);
setKind(' \t:', blank);
setKind('\r\n\\', lineBreak);

const kindOf = (code: number): number => (code < 128 ? (kinds[code] ?? other) : other);
const isDigit = (kind: number): boolean => kind === letter || kind === hexDigit;
/** Of `\n`, `\r` and `\t`, as JSON and many languages write them. */
const isEscapeLetter = (code: number, text: string, at: number): boolean =>
  (code === 0x6e || code === 0x72 || code === 0x74) && text.charCodeAt(at - 1) === backslash;
const gaps = /\\+[nrt]|[ \t:\r\n]+|\\/g;

export class BrokenForms {
  readonly #index = new PatternIndex();
  #shortest = Infinity;

  /** Adds a form; one with other characters than base64 and hex have is left out. */
  add(form: string, label: string): void {
    for (let at = 0; at < form.length; at++) if (!isDigit(kindOf(form.charCodeAt(at)))) return;
    this.#index.add(form, label);
    this.#shortest = Math.min(this.#shortest, form.length);
  }

  /** The first match at or after `from` in a run that is broken somewhere: the leftmost, and of those the longest. */
  find(text: string, from = 0): Match | undefined {
    let start = from;
    let count = 0;
    /** Of the last digit. */
    let kindBefore = other;
    let gap = 0;
    let hasLineBreak = false;
    let isBroken = false;
    for (let at = from; at <= text.length; at++) {
      const code = at < text.length ? text.charCodeAt(at) : stop;
      const kind = gap > 0 && isEscapeLetter(code, text, at) ? lineBreak : kindOf(code);
      if (kind === letter || kind === hexDigit) {
        // A gap without a line break is one between two digits of hex.
        if (gap === 0 || hasLineBreak || (kind === hexDigit && kindBefore === hexDigit)) {
          if (count === 0) start = at;
          if (gap > 0) isBroken = true;
          count++;
          kindBefore = kind;
          gap = 0;
          hasLineBreak = false;
          continue;
        }
      } else if (kind !== other && count > 0 && gap < longestGap) {
        gap++;
        if (kind === lineBreak) hasLineBreak = true;
        continue;
      }
      const match = isBroken && count >= this.#shortest ? this.#search(text, start, at) : undefined;
      if (match) return match;
      start = at;
      count = kind === letter || kind === hexDigit ? 1 : 0;
      kindBefore = kind;
      gap = 0;
      hasLineBreak = false;
      isBroken = false;
    }
    return undefined;
  }

  /** Where, at or after `from`, a broken form may have begun that the end of the text cuts off; the text's length if nowhere. */
  openAt(text: string, from = 0): number {
    if (this.#index.size === 0) return text.length;
    const most = this.#index.longest * mostPerCharacter;
    let start = text.length;
    let count = 0;
    let kindAfter = hexDigit;
    let hasLineBreak = false;
    for (let at = text.length, gap = 0; at > from && count < most && gap <= longestGap; at--) {
      const code = text.charCodeAt(at - 1);
      const kind = isEscapeLetter(code, text, at - 1) ? lineBreak : kindOf(code);
      if (isDigit(kind)) {
        // What the text ends with may be a gap that a line break is still to come in.
        if (count > 0 && gap > 0 && !hasLineBreak && !(kind === hexDigit && kindAfter === hexDigit)) break;
        start = at - 1;
        count++;
        kindAfter = kind;
        gap = 0;
        hasLineBreak = false;
      } else if (kind === other) break;
      else {
        gap++;
        if (kind === lineBreak) hasLineBreak = true;
      }
    }
    const joined = text.slice(start).replace(gaps, '');
    const open = this.#index.openAt(joined);
    return open === joined.length ? text.length : placeOf(text, start, open);
  }

  #search(text: string, start: number, end: number): Match | undefined {
    const match = this.#index.find(text.slice(start, end).replace(gaps, ''));
    if (!match) return undefined;
    return {
      start: placeOf(text, start, match.start),
      end: placeOf(text, start, match.end - 1) + 1,
      label: match.label,
    };
  }
}

/** Where the digit stands in `text` that has `index` others of its run, from `start` on, before it. */
function placeOf(text: string, start: number, index: number): number {
  let left = index;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isEscaped = at > start && isEscapeLetter(code, text, at);
    if (!isEscaped && isDigit(kindOf(code)) && left-- === 0) return at;
  }
  return text.length;
}
