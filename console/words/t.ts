/**
 * Everything that the console says. The English sentence stands in the code, whole, with names for what is put in:
 * `t('{skill} was removed', { skill })`; the catalogs hold what other languages say instead (docs/decisions/0027-languages.md).
 */
import { createElement, Fragment, type ReactNode } from 'react';
import { catalog } from './catalog.ts';
import { locale } from './language.ts';
import { type Part, partsOf } from './message.ts';

type Values = Record<string, string | number>;
/** Besides what is put in, what stands around words: `rich('See <link>the vault</link>', { link: (words) => … })`. */
type RichValues = Record<string, ReactNode | ((words: ReactNode) => ReactNode)>;

/** A message in the chosen language. */
export function t(message: string, values: Values = {}): string {
  const said = catalog[message] ?? message;
  return /[{<]/.test(said) ? piecesOf(partsOf(said), values).join('') : said;
}

/** A message with elements in it. */
export function rich(message: string, values: RichValues): ReactNode {
  return piecesOf(partsOf(catalog[message] ?? message), values).map((piece, at) =>
    createElement(Fragment, { key: at }, piece),
  );
}

/** What a table of the contract or the server says in English, in the chosen language where the catalog has it. */
export const told = (text: string): string => catalog[text] ?? text;

/** What an error means in general, where the language is not the server's, whose sentences are in English. */
export const meaningOf = (code: string): string | undefined => catalog[code];

type Choice = Extract<Part, { options: unknown }>;

const plurals = new Intl.PluralRules(locale);
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(locale);

/** `840`, `5,100`, and from ten thousand on `51K`. */
export const count = (value: number): string =>
  value < 10_000 ? whole.format(value) : compact.format(value);

/** For a narrow column: `840`, `5.1K`. */
export const shortCount = (value: number): string => compact.format(value);

function piecesOf(parts: readonly Part[], values: RichValues): ReactNode[] {
  return parts.flatMap((part): ReactNode | ReactNode[] => {
    if (typeof part === 'string') return part;
    const value = values[part.name];
    if (part.kind === 'tag') {
      const inner = piecesOf(part.inner, values);
      const words = inner.every((piece) => typeof piece === 'string') ? inner.join('') : inner;
      return typeof value === 'function' ? value(words) : words;
    }
    if (typeof value === 'function') return '';
    if ('options' in part) return piecesOf(chosenOf(part, value), values);
    if (part.kind === 'value') return typeof value === 'number' ? String(value) : value;
    return count(Number(value));
  });
}

/** The option of a plural or a choice that the value asks for. */
function chosenOf({ kind, options }: Choice, value: ReactNode): Part[] {
  const exact = options[kind === 'plural' ? `=${value}` : String(value)];
  const byCount = kind === 'plural' ? options[plurals.select(Number(value))] : undefined;
  return exact ?? byCount ?? options.other ?? [];
}
