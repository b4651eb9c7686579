import { AlfredError } from '../../kernel/errors.ts';

/**
 * Splits a pasted command line into words as a POSIX shell would (XCU section 2.2: backslash, single and double
 * quotes), and expands nothing: no variable, no glob, no substitution. Line continuations are joined.
 *
 * @throws AlfredError E_VALIDATION for an open quote, or for a pipe, redirection or substitution, which would not be run
 */
export function splitCommandLine(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  const source = line.trim().replace(/\\\r?\n/g, ' ');

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
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[|;&<>`]/.test(character) || (character === '$' && source[at + 1] === '(')) {
      throw refuse(`It holds "${character}", which only a shell understands, and no shell is started.`);
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== undefined) throw refuse(`A ${quote === '"' ? 'double' : 'single'} quote is not closed.`);
  if (word !== undefined) words.push(word);
  return words;
}

const refuse = (why: string) =>
  new AlfredError('E_VALIDATION', `This command line cannot be used. ${why}`, {
    remedy:
      'Paste one plain command with its arguments, for example: npx -y @modelcontextprotocol/server-memory',
    fields: [{ field: '/text', message: why }],
  });
