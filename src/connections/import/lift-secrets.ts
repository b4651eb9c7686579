/**
 * Moves what looks like a secret out of arguments and addresses into `secrets`, leaving `${NAME}` in its place: what
 * stands in `config.args` and `config.url` is stored and shown in the open.
 */
import { guessSecret, looksLikeKey, looksRandom, namesSecret } from './guess-secret.ts';
import { asReferences, isWholePlaceholder, referenceTo } from './placeholders.ts';

export type Lifted = { words: string[]; secrets: Map<string, string> };

/** `--api-key VALUE`, `--token=VALUE` and values that are keys by their looks → `${API_KEY}`. */
export function liftFromArguments(args: readonly string[]): Lifted {
  const secrets = new Map<string, string>();
  const words = args.map((given, at) => {
    const word = asReferences(given);
    const [, flag, value] = /^--?([\w-]+)=(.+)$/s.exec(word) ?? [];
    if (flag !== undefined && value !== undefined) {
      const start = word.slice(0, word.indexOf('=') + 1);
      if (isWholePlaceholder(value)) return start + openReference(flag, value);
      if (namesSecret(flag) || looksLikeKey(value)) return start + keep(secrets, flag, value);
    }
    const before = /^--?([\w-]+)$/.exec(args[at - 1] ?? '')?.[1];
    if (isWholePlaceholder(word)) return openReference(before, word);
    const isNamed = before !== undefined && namesSecret(before) && !word.startsWith('-');
    if (isNamed || looksLikeKey(word)) return keep(secrets, before ?? `ARGUMENT_${at + 1}`, word);
    return word;
  });
  return { words, secrets };
}

/** The secret query parameters of an address, and what looks like a key in its path, → `${NAME}`; the rest stays readable. */
export function liftFromAddress(given: string): { url: string; secrets: Map<string, string> } {
  const secrets = new Map<string, string>();
  const address = asReferences(given);
  const url = new URL(address);
  let shown = address;
  for (const segment of url.pathname.split('/')) {
    if (looksLikeKey(segment) || looksRandom(segment))
      shown = shown.replace(`/${segment}`, `/${keep(secrets, 'KEY', decodeURIComponent(segment))}`);
  }
  for (const [name, value] of url.searchParams) {
    if (
      value === '' ||
      isWholePlaceholder(value) ||
      !(namesSecret(name) || looksLikeKey(value) || guessSecret(name, value).secret)
    )
      continue;
    const place = keep(secrets, name, value);
    for (const form of [encodeURIComponent(value), value, value.replaceAll(' ', '+')]) {
      shown = shown.replace(`${name}=${form}`, `${name}=${place}`);
    }
  }
  return { url: shown, secrets };
}

/** What is to be filled in stays a reference; `<your-key>` becomes one, named after its flag or its own words. */
const openReference = (flag: string | undefined, value: string): string =>
  value.startsWith('${')
    ? value
    : referenceTo(
        (flag ?? value)
          .toUpperCase()
          .replace(/[^A-Z0-9]+/g, '_')
          .replace(/^_+|_+$/g, ''),
      );

function keep(secrets: Map<string, string>, label: string, value: string): string {
  const base = label
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  let name = base;
  for (let number = 2; secrets.has(name) && secrets.get(name) !== value; number++) name = `${base}_${number}`;
  secrets.set(name, value);
  return referenceTo(name);
}
