/** Texts that a shell writes in its own way: `$'…'` of bash, here-documents, and what it puts in. */
import { referenceTo } from '../open-secrets/placeholders.ts';

const simple: Record<string, string> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** What `$'…'` stands for (bash, "ANSI-C Quoting"). @param inner without its quotes */
export const ansiText = (inner: string): string =>
  inner.replace(
    /\\(?:x([0-9A-Fa-f]{1,2})|u([0-9A-Fa-f]{1,4})|U([0-9A-Fa-f]{1,8})|([0-7]{1,3})|([\s\S]))/g,
    (_whole, hex?: string, short?: string, long?: string, octal?: string, other = '') => {
      const code = hex ?? short ?? long;
      if (code !== undefined) return codePoint(Number.parseInt(code, 16));
      if (octal !== undefined) return codePoint(Number.parseInt(octal, 8) & 0xff);
      return simple[other] ?? (/[\\'"?]/.test(other) ? other : `\\${other}`);
    },
  );

const codePoint = (code: number): string => (code > 0x10ffff ? '\uFFFD' : String.fromCodePoint(code));

/**
 * The lines up to `end`; all of them where there is none, as a shell has it.
 *
 * @param rest the text from the line behind the command on
 * @returns what is read, and how much of `rest` that takes
 */
export function hereDocument(
  rest: string,
  end: string,
  isIndented: boolean,
): { text: string; length: number } {
  const lines = rest.split('\n');
  const shown = lines.map((line) => (isIndented ? line.replace(/^\t+/, '') : line));
  const at = shown.indexOf(end);
  const taken = at < 0 ? lines.length : at;
  return {
    text: shown
      .slice(0, taken)
      .map((line) => `${line}\n`)
      .join(''),
    length: Math.min(rest.length, lines.slice(0, taken + 1).join('\n').length + 1),
  };
}

/** `$name`, `$(command)` and `` `command` `` as the reference that stands for what would come out. */
export function expansionAt(source: string, at: number): { reference: string; length: number } | undefined {
  const rest = source.slice(at, at + 1_000);
  const [variable, name] = /^\$([A-Za-z_]\w*)/.exec(rest) ?? [];
  if (variable !== undefined) return { reference: `\${${name}}`, length: variable.length };
  const [ticks, inTicks = ''] = /^`([^`]*)`/.exec(rest) ?? [];
  if (ticks !== undefined)
    return { reference: referenceTo(inTicks.replace(/\W+/g, '_')), length: ticks.length };
  if (!rest.startsWith('$(')) return undefined;
  let depth = 0;
  for (let end = 1; end < rest.length; end++) {
    if (rest[end] === '(') depth += 1;
    else if (rest[end] === ')') depth -= 1;
    if (depth === 0)
      return {
        reference: referenceTo(rest.slice(2, end).replace(/\W+/g, '_').slice(0, 60)),
        length: end + 1,
      };
  }
  return undefined;
}
