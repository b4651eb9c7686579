import { AlfredError } from '../../kernel/errors.ts';

/**
 * Splits what was pasted into commands and their words as a POSIX shell would (XCU section 2.2: backslash, single and double
 * quotes, comments), and expands nothing: no variable, no glob, no substitution. Line continuations are joined, those of
 * Windows (`^`, a backtick) as well.
 *
 * @returns one list of words a line, or a part between `&&` or `;`
 * @throws AlfredError E_VALIDATION for an open quote, or for a pipe, redirection or substitution, which would not be run
 */
export function splitCommands(text: string): { words: string[]; isChained: boolean }[] {
  const commands: { words: string[]; isChained: boolean }[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  const source = text.trim().replace(/(?:\\|(?<=\s)[\^`])\r?\n/g, ' ');
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (isChained: boolean) => {
    endWord();
    if (words.length > 0) commands.push({ words, isChained });
    words = [];
  };

  for (let at = 0; at < source.length; at++) {
    const character = source[at] ?? '';
    if (quote === "'") {
      if (character === "'") quote = undefined;
      else word += character;
    } else if (character === '\\') {
      const next = source[++at] ?? '';
      const keepsBackslash = quote === '"' && !/["\\$`]/.test(next);
      word = (word ?? '') + (keepsBackslash ? `\\${next}` : next);
    } else if (quote === '"') {
      if (character === '"') quote = undefined;
      else word += character;
    } else if (character === '"' || character === "'") {
      quote = character;
      word ??= '';
    } else if (character === '#' && word === undefined) {
      at = endOfLine(source, at) - 1;
    } else if (character === '\n') {
      endCommand(false);
    } else if (/\s/.test(character)) {
      endWord();
    } else if (character === ';' || source.startsWith('&&', at)) {
      endCommand(true);
      if (character === '&') at++;
    } else if (isStandIn(source, at)) {
      const end = source.indexOf('>', at);
      word = (word ?? '') + source.slice(at, end + 1);
      at = end;
    } else if (/[|&<>`]/.test(character) || (character === '$' && source[at + 1] === '(')) {
      throw refusedCommand(
        `It holds "${character}", which only a shell understands, and no shell is started.`,
      );
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== undefined)
    throw refusedCommand(`A ${quote === '"' ? 'double' : 'single'} quote is not closed.`);
  endCommand(false);
  return commands;
}

const endOfLine = (source: string, at: number): number => {
  const end = source.indexOf('\n', at);
  return end < 0 ? source.length : end;
};

/** `<your token>` of a README, which no shell would take. */
const isStandIn = (source: string, at: number): boolean =>
  source[at] === '<' && /^<[A-Za-z][\w .-]{1,58}>/.test(source.slice(at, at + 61));

export const refusedCommand = (why: string) =>
  new AlfredError('E_VALIDATION', `This command line cannot be used. ${why}`, {
    remedy:
      'Paste one plain command with its arguments, for example: npx -y @modelcontextprotocol/server-memory',
    fields: [{ field: '/text', message: why }],
  });
