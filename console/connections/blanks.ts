/**
 * What of a text of the catalogue its owner fills in: a folder, a file, an address. What is secret is asked for once the connection
 * is saved, and sealed at once, so that it never stands in a text.
 */
import { t } from '../words/t.ts';

export type Blank = {
  /** What stands in its place until then; the same one may stand there twice. */
  example: string;
  label: string;
};

/** Paths below /home/me, and addresses and machines in .home (src/contract/known-servers/known-server.ts). */
const examples = /\/home\/me\/[\w./-]+|(?:https?:\/\/)?[\w-]+\.home(?:[:/][\w:/.]*)?/g;

/** The fields that `text` asks of its owner, in the order in which they stand there. */
export function blanksOf(text: string): Blank[] {
  const found = [...new Set(text.match(examples) ?? [])];
  return found.map((example) => ({ example, label: labelOf(example, found) }));
}

/** @param all the examples of its text: addresses of two machines need their names */
function labelOf(example: string, all: readonly string[]): string {
  if (example.startsWith('/'))
    return /\/[\w-]+$/.test(example) && !isConfig(example) ? t('Folder') : t('File');
  const [host = ''] = /[\w-]+(?=\.home)/.exec(example) ?? [];
  if (!example.includes('://')) return t('Machine');
  return all.filter((other) => other.includes('://')).length > 1
    ? t('Address of {host}', { host: `${host.charAt(0).toUpperCase()}${host.slice(1)}` })
    : t('Address');
}

/** The one name of a file in the catalogue that has no ending. */
const isConfig = (file: string): boolean => file.endsWith('/config');

/**
 * @param text a command line, or JSON
 * @param values by example; what is empty stays as it is
 */
export function filled(text: string, values: Readonly<Record<string, string>>): string {
  const write = text.startsWith('{') ? inJson : inShell;
  return text.replace(examples, (example) => {
    const value = Object.hasOwn(values, example) ? (values[example] ?? '').trim() : '';
    return value === '' ? example : write(value);
  });
}

const inJson = (value: string): string => JSON.stringify(value).slice(1, -1);

const inShell = (value: string): string =>
  /^[\w./:@%+,=-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
