/** What a call is made with, in rows of label and value that a person reads; whole, and such that two calls that differ read differently. */
import { visibleJsonLine, visibleLines, visibleText } from '../../src/contract/visible.ts';
import { t } from '../words/t.ts';

export type Said =
  /** `isLong` where line ends are part of it. */
  | { kind: 'text'; text: string; isLong: boolean }
  | { kind: 'rows'; rows: Row[] }
  | { kind: 'list'; items: Said[] };
export type Row = { key: string; label: string; value: Said };

/** More than this is no list of rows that anybody reads. */
const [mostValues, deepest] = [200, 4];

/** Undefined for what is not made of names and values, or of too many: that is shown as it is sent. */
export function rowsOf(args: unknown): Row[] | undefined {
  if (!isObject(args) || Object.keys(args).length === 0 || isTooMuch(args)) return undefined;
  return rowsIn(args);
}

/** What people write in capitals, whatever a tool's author did. */
const capitals = new Set(
  'api bcc bic cc chf csv eur gbp html iban id ids ip ipv4 ipv6 isbn json jpy pdf pin png sku sms sql ssh svg uri url usd utc uuid vat xml'.split(
    ' ',
  ),
);

/** `send_mail`, `sendMail` and `send-mail` as `send mail`; what is not made of words stays as it is. */
export function wordsOf(name: string): string {
  if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(name)) return visibleText(name);
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_.-]+/g, ' ')
    .trim();
  if (!/[a-z]/.test(words)) return words;
  return words
    .replace(/\b[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
    .replace(/[a-z0-9]+/g, (word) => (capitals.has(word) ? word.toUpperCase() : word));
}

function rowsIn(args: Readonly<Record<string, unknown>>): Row[] {
  const keys = Object.keys(args);
  const labels = keys.map(labelOf);
  // Where two would read alike, as they are sent.
  const isAlike = new Set(labels).size < labels.length;
  return keys.map((key, place) => ({
    key,
    label: (isAlike ? visibleJsonLine(key) : labels[place]) ?? '',
    value: saidOf(args[key]),
  }));
}

function labelOf(key: string): string {
  const words = key.trim() === '' ? visibleJsonLine(key) : wordsOf(key);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function saidOf(value: unknown): Said {
  if (Array.isArray(value) && value.length > 0) return { kind: 'list', items: value.map(saidOf) };
  if (isObject(value) && Object.keys(value).length > 0) return { kind: 'rows', rows: rowsIn(value) };
  return typeof value === 'string'
    ? saidText(value)
    : { kind: 'text', text: plainWord(value), isLong: false };
}

/** In the quotes of JSON where it would read as something else, or as nothing. */
function saidText(text: string): Said {
  const isOdd = text !== text.trim() || text === '' || /^["[{]/.test(text) || !Number.isNaN(Number(text));
  if (isOdd || plainWords().includes(text.toLowerCase()))
    return { kind: 'text', text: visibleJsonLine(text), isLong: false };
  return { kind: 'text', text: visibleLines(text), isLong: text.includes('\n') };
}

const plainWords = (): string[] => [t('yes'), t('no'), t('nothing'), 'true', 'false', 'null'];

function plainWord(value: unknown): string {
  if (value === null || value === undefined) return t('nothing');
  if (typeof value === 'boolean') return value ? t('yes') : t('no');
  return visibleJsonLine(value);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function isTooMuch(args: object): boolean {
  const left: { value: unknown; depth: number }[] = [{ value: args, depth: 0 }];
  for (let seen = 0; left.length > 0; seen++) {
    const one = left.pop();
    if (one === undefined) break;
    if (seen + left.length > mostValues || one.depth > deepest) return true;
    if (typeof one.value !== 'object' || one.value === null) continue;
    for (const value of Object.values(one.value)) left.push({ value, depth: one.depth + 1 });
  }
  return false;
}
