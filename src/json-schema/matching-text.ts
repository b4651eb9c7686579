/** A short text that matches a regular expression, for the patterns that schemas have in practice. */

/** More than this is no pattern of a schema that means well. */
const longestPattern = 500;

/**
 * The shortest text that this knows to make; undefined when the pattern has parts it does not understand (look-around,
 * back-references) or the text does not match after all.
 */
export function matchingText(pattern: string): string | undefined {
  if (pattern.length > longestPattern) return undefined;
  try {
    const text = new PatternReader(pattern).read();
    return new RegExp(pattern, 'u').test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

const classes: Record<string, string> = { d: '0', w: 'a', s: ' ', D: 'a', W: '-', S: 'a' };
const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', f: '\f', v: '\v', '0': '\0' };

/** Letters that read well, tried in order for a negated class. */
const usual = 'a0A-_ .x1b';

class PatternReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  read(): string {
    const text = this.#alternatives();
    if (this.#at < this.#pattern.length) throw new SyntaxError('unbalanced');
    return text;
  }

  /** The first alternative is as good as any; the others are read past. */
  #alternatives(): string {
    const first = this.#sequence();
    while (this.#take('|')) this.#sequence();
    return first;
  }

  #sequence(): string {
    let text = '';
    while (this.#at < this.#pattern.length && !'|)'.includes(this.#peek())) {
      const atom = this.#atom();
      text += atom.repeat(this.#repeats());
    }
    return text;
  }

  #peek = (): string => this.#pattern[this.#at] ?? '';

  #take(expected: string): boolean {
    if (!this.#pattern.startsWith(expected, this.#at)) return false;
    this.#at += expected.length;
    return true;
  }

  #atom(): string {
    if (this.#take('(')) return this.#group();
    if (this.#take('[')) return this.#set();
    if (this.#take('\\')) return this.#escape();
    if (this.#take('^') || this.#take('$')) return '';
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character === '.' ? 'a' : character;
  }

  #group(): string {
    if (this.#take('?')) {
      if (this.#take('<')) {
        const name = /^[\p{L}_$][\p{L}\p{N}_$]*>/u.exec(this.#pattern.slice(this.#at))?.[0];
        if (name === undefined) throw new SyntaxError('look-around');
        this.#at += name.length;
      } else if (!this.#take(':')) throw new SyntaxError('look-around');
    }
    const text = this.#alternatives();
    if (!this.#take(')')) throw new SyntaxError('unbalanced');
    return text;
  }

  #set(): string {
    const end = /^\^?\]?(?:\\.|[^\]\\])*\]/su.exec(this.#pattern.slice(this.#at))?.[0];
    if (end === undefined) throw new SyntaxError('unbalanced');
    this.#at += end.length;
    const set = new RegExp(`^[${end}$`, 'u');
    const listed = [...end.replace(/^\^/, '')];
    const found = [...usual, ...listed].find((character) => set.test(character));
    if (found === undefined) throw new SyntaxError('empty set');
    return found;
  }

  #escape(): string {
    const character = this.#peek();
    this.#at += 1;
    if (character === 'b' || character === 'B') return '';
    if (character === 'p' || character === 'P') {
      const property = /^\{[^}]+\}/.exec(this.#pattern.slice(this.#at))?.[0] ?? '';
      this.#at += property.length;
      const set = new RegExp(`^\\${character}${property}$`, 'u');
      const found = [...usual].find((each) => set.test(each));
      if (found === undefined) throw new SyntaxError('empty property');
      return found;
    }
    const code = /^(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]+)\}|x([0-9a-fA-F]{2}))/.exec(
      this.#pattern.slice(this.#at - 1),
    );
    if (code) {
      this.#at += code[0].length - 1;
      return String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16));
    }
    if (/[1-9k]/.test(character)) throw new SyntaxError('back-reference');
    return classes[character] ?? escapes[character] ?? character;
  }

  /** As few as are allowed, but one where none would do: an empty text says little. */
  #repeats(): number {
    let least = 1;
    if (this.#take('*') || this.#take('+')) least = 1;
    else if (this.#take('?')) least = 0;
    else {
      const counts = /^\{(\d+)(?:,\d*)?\}/.exec(this.#pattern.slice(this.#at));
      if (!counts) return 1;
      this.#at += counts[0].length;
      least = Number(counts[1]);
      if (least > 10_000) throw new SyntaxError('too long');
    }
    this.#take('?');
    return least;
  }
}
