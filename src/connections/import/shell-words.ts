import { AlfredError } from '../../kernel/errors.ts';
import { ansiText, expansionAt, hereDocument } from './shell-text.ts';

export type ShellCommand = {
  words: string[];
  isChained: boolean;
  /** What `<<EOF` or `<<<` gives it to read. */
  input?: string;
  /** What was done with its output (`| jq`, `> file`), which is left out. */
  leftOut?: string;
};

/** A program whose answer is read here: what a shell does with it behind is left out. Any other is started without a shell. */
const isCurl = (words: readonly string[]): boolean =>
  /^(?:.*\/)?curl(?:\.exe)?$/.test(words.find((word) => !/^[$>]$|^sudo$/.test(word)) ?? '');

/**
 * Splits what was pasted into commands and their words as a POSIX shell would (XCU section 2.2: backslash, single and double
 * quotes, comments; `$'…'` and here-documents), and expands nothing: no variable, no glob, no substitution. Line continuations
 * are joined, those of Windows (`^`, a backtick) and those with a space behind them as well. What a shell would put into a call
 * of curl (`$TOKEN`, `$(cat token)`) becomes `${TOKEN}`.
 *
 * @returns one list of words a line, or a part between `&&` or `;`
 * @throws AlfredError E_VALIDATION for an open quote, or for a pipe, redirection or substitution, which would not be run
 */
export function splitCommands(text: string): ShellCommand[] {
  const lexer = new Lexer(text.trim().replaceAll('\r\n', '\n'));
  return lexer.commands();
}

class Lexer {
  private readonly source: string;
  private readonly found: ShellCommand[] = [];
  private at = 0;
  private words: string[] = [];
  private word: string | undefined;
  private input: string | undefined;
  private leftOut: string | undefined;
  /** Here-documents that begin on the next line, by their last line. */
  private pending: { end: string; isIndented: boolean }[] = [];

  constructor(source: string) {
    this.source = source;
  }

  commands(): ShellCommand[] {
    while (this.at < this.source.length) this.step();
    this.endCommand(false);
    return this.found;
  }

  private step(): void {
    const { source, at } = this;
    const character = source[at] ?? '';
    const joined = /^[\\^`][ \t]*\n/.exec(source.slice(at, at + 200));
    if (joined !== null && (character === '\\' || /\s/.test(source[at - 1] ?? ''))) {
      this.at += joined[0].length;
    } else if (character === '\\') {
      this.add(source[at + 1] ?? '', 2);
    } else if (character === "'") this.single();
    else if (character === '"') this.double(at + 1);
    else if (this.expansion(at) !== undefined) this.expand(at);
    else if (source.startsWith("$'", at)) this.ansi();
    else if (source.startsWith('$"', at)) this.double(at + 2);
    else if (character === '#' && this.word === undefined) this.at = endOfLine(source, at);
    else if (character === '\n') this.endLine();
    else if (/\s/.test(character)) {
      this.endWord();
      this.at += 1;
    } else if (character === ';' || source.startsWith('&&', at)) {
      this.at += character === '&' ? 2 : 1;
      this.endCommand(true);
    } else if (isStandIn(source, at)) this.add(source.slice(at, source.indexOf('>', at) + 1));
    else if (character === '&' && this.isInAddress()) this.add('&');
    else if (/[|&<>`]/.test(character) || source.startsWith('$(', at)) this.forShell(character);
    else this.add(character);
  }

  private add(text: string, length = text.length): void {
    this.word = (this.word ?? '') + text;
    this.at += length;
  }

  private single(): void {
    const end = this.source.indexOf("'", this.at + 1);
    if (end < 0) throw notClosed('single');
    this.add(this.source.slice(this.at + 1, end), end + 1 - this.at);
  }

  private double(from: number): void {
    let text = '';
    for (let at = from; at < this.source.length; at++) {
      const character = this.source[at] ?? '';
      if (character === '"') {
        this.add(text, at + 1 - this.at);
        return;
      }
      const expansion = this.expansion(at);
      if (expansion !== undefined) {
        text += expansion.reference;
        at += expansion.length - 1;
        continue;
      }
      if (character !== '\\') {
        text += character;
        continue;
      }
      const next = this.source[++at] ?? '';
      if (next !== '\n') text += /["\\$`]/.test(next) ? next : `\\${next}`;
    }
    throw notClosed('double');
  }

  /** What a shell would put into a call of curl is named, and asked for; a program that is started gets its words as they are. */
  private expansion(at: number): { reference: string; length: number } | undefined {
    return /[$`]/.test(this.source[at] ?? '') && isCurl(this.words)
      ? expansionAt(this.source, at)
      : undefined;
  }

  private expand(at: number): void {
    const expansion = this.expansion(at);
    if (expansion !== undefined) this.add(expansion.reference, expansion.length);
  }

  private ansi(): void {
    const [whole, inner = ''] = /^\$'((?:\\[\s\S]|[^'\\])*)'/.exec(this.source.slice(this.at)) ?? [];
    if (whole === undefined) throw notClosed('single');
    this.add(ansiText(inner), whole.length);
  }

  /** `curl https://host/path?a=1&b=2` without quotes, as it is often printed: no shell would take the rest, and who wrote it meant it. */
  private isInAddress(): boolean {
    return (
      /^https?:\/\/[^\s?]+\?/i.test(this.word ?? '') &&
      /^&[\w.[\]%-]+=/.test(this.source.slice(this.at, this.at + 80))
    );
  }

  /** A pipe, a redirection, a substitution. */
  private forShell(character: string): void {
    const rest = this.source.slice(this.at);
    const [, operator = ''] = /^(<<<|<<-?)/.exec(rest) ?? [];
    if (!isCurl(this.words) || !/[|&<>]/.test(character)) throw onlyShell(character);
    if (operator === '<<<') {
      this.endWord();
      this.at += 3;
      this.readHereString();
    } else if (operator !== '') {
      const [whole, quoted, bare] = /^<<-?\s*(?:["']([^"'\n]+)["']|([\w.-]+))/.exec(rest) ?? [];
      if (whole === undefined) throw onlyShell(character);
      this.endWord();
      this.pending.push({ end: quoted ?? bare ?? '', isIndented: operator === '<<-' });
      this.at += whole.length;
    } else this.leaveOut(character);
  }

  private readHereString(): void {
    const before = this.words.length;
    while (/[ \t]/.test(this.source[this.at] ?? '')) this.at += 1;
    while (
      this.at < this.source.length &&
      this.words.length === before &&
      !/\s/.test(this.source[this.at] ?? '')
    )
      this.step();
    this.endWord();
    this.input = this.words.pop();
  }

  /** Passes over what stands behind, up to where the command ends. */
  private leaveOut(character: string): void {
    if (/^\d$/.test(this.word ?? '') && character === '>') this.word = undefined;
    this.endWord();
    this.leftOut ??= character;
    const kept = [...this.words];
    const isOneWord = character === '>' || character === '<';
    const [operator = character] = /^(?:>>|>&\d?|&>>?|\|\||[|&<>])\s*/.exec(this.source.slice(this.at)) ?? [];
    this.at += operator.length;
    while (this.at < this.source.length && !/[\n;]/.test(this.source[this.at] ?? '')) {
      if (isOneWord && (this.words.length > kept.length || /&\d\s*$/.test(operator))) break;
      if (/[|<>&`]/.test(this.source[this.at] ?? '') || this.source.startsWith('$(', this.at)) {
        if (isOneWord) break;
        this.at += 1;
      } else this.step();
    }
    this.word = undefined;
    this.words = kept;
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
  }

  private endLine(): void {
    this.at += 1;
    for (const { end, isIndented } of this.pending.splice(0)) {
      const { text, length } = hereDocument(this.source.slice(this.at), end, isIndented);
      this.input = text;
      this.at += length;
    }
    this.endCommand(false);
  }

  private endCommand(isChained: boolean): void {
    this.endWord();
    const { words, input, leftOut } = this;
    if (words.length > 0)
      this.found.push({
        words,
        isChained,
        ...(input === undefined ? {} : { input }),
        ...(leftOut === undefined ? {} : { leftOut }),
      });
    this.words = [];
    this.input = undefined;
    this.leftOut = undefined;
  }
}

const endOfLine = (source: string, at: number): number => {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
};

/** `<your token>` of a README, which no shell would take. */
const isStandIn = (source: string, at: number): boolean =>
  source[at] === '<' && /^<[A-Za-z][\w .-]{1,58}>/.test(source.slice(at, at + 61));

const notClosed = (kind: string) => refusedCommand(`A ${kind} quote is not closed.`);

const onlyShell = (character: string) =>
  refusedCommand(`It holds "${character}", which only a shell understands, and no shell is started.`);

export const refusedCommand = (why: string) =>
  new AlfredError('E_VALIDATION', `This command line cannot be used. ${why}`, {
    remedy:
      'Paste one plain command with its arguments, for example: npx -y @modelcontextprotocol/server-memory',
    fields: [{ field: '/text', message: why }],
  });
