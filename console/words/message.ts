/**
 * Messages in ICU's form, as far as the console needs it: `{name}`, `{count, plural, one {# run} other {# runs}}` (`=0` too),
 * `{who, select, owner {…} other {…}}` and `<link>…</link>`.
 */

export type Part =
  | string
  | { kind: 'value' | 'count'; name: string }
  | { kind: 'plural' | 'select'; name: string; options: Record<string, Part[]> }
  | { kind: 'tag'; name: string; inner: Part[] };

const parsed = new Map<string, Part[]>();

/** The parts of a message; each message is read once. @throws SyntaxError for one that is not well formed */
export function partsOf(message: string): Part[] {
  let parts = parsed.get(message);
  if (parts === undefined) {
    parts = new Reader(message).all();
    parsed.set(message, parts);
  }
  return parts;
}

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  all(): Part[] {
    const parts = this.#parts('');
    if (this.#at < this.#text.length) throw this.#wrong();
    return parts;
  }

  /** Until the end, a closing brace or a closing tag. @param counted what `#` stands for; empty outside of a plural */
  #parts(counted: string): Part[] {
    const parts: Part[] = [];
    while (this.#at < this.#text.length) {
      const plain = this.#take(counted === '' ? /[^{}<]+/y : /[^{}<#]+/y);
      if (plain !== undefined) parts.push(plain);
      else if (this.#take(/#/y) !== undefined) parts.push({ kind: 'count', name: counted });
      else if (this.#take(/\{/y) !== undefined) parts.push(this.#argument());
      else if (/^(\}|<\/)/.test(this.#text.slice(this.#at))) break;
      else parts.push(this.#tagged(counted));
    }
    return parts;
  }

  #argument(): Part {
    const name = this.#must(/\s*\w+\s*/y).trim();
    if (this.#take(/\}/y) !== undefined) return { kind: 'value', name };
    const kind = this.#must(/,\s*(plural|select)\s*,\s*/y).includes('plural') ? 'plural' : 'select';
    // Chosen by what comes from outside: `constructor` is no option.
    const options: Record<string, Part[]> = Object.create(null);
    while (this.#take(/\s*\}/y) === undefined) {
      const option = this.#must(/\s*=?\w+\s*\{/y)
        .slice(0, -1)
        .trim();
      options[option] = this.#parts(kind === 'plural' ? name : '');
      this.#must(/\}/y);
    }
    return { kind, name, options };
  }

  #tagged(counted: string): Part {
    const name = this.#take(/<[a-z]\w*>/iy)?.slice(1, -1);
    if (name === undefined) return this.#must(/</y);
    const inner = this.#parts(counted);
    if (this.#must(/<\/\w+>/y) !== `</${name}>`) throw this.#wrong();
    return { kind: 'tag', name, inner };
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  #must(pattern: RegExp): string {
    const found = this.#take(pattern);
    if (found === undefined) throw this.#wrong();
    return found;
  }

  #wrong(): SyntaxError {
    return new SyntaxError(`A message is not well formed at ${this.#at}: ${this.#text}`);
  }
}
