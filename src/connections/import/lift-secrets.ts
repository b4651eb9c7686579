/**
 * Moves what looks like a secret out of arguments and addresses into `secrets`, leaving `${NAME}` in its place: what
 * stands in `config.args` and `config.url` is stored and shown in the open.
 */
import { guessSecret, looksLikeKey, namesSecret } from './guess-secret.ts';

export type Lifted = { words: string[]; secrets: Map<string, string> };

const reference = (name: string) => `\${${name}}`;

/** `--api-key VALUE`, `--token=VALUE` and values that are keys by their looks → `${API_KEY}`. */
export function liftFromArguments(args: readonly string[]): Lifted {
  const secrets = new Map<string, string>();
  const words = args.map((word, at) => {
    const [, flag, value] = /^--?([\w-]+)=(.+)$/s.exec(word) ?? [];
    if (flag !== undefined && value !== undefined && (namesSecret(flag) || looksLikeKey(value))) {
      return `${word.slice(0, word.indexOf('=') + 1)}${keep(secrets, flag, value)}`;
    }
    const before = /^--?([\w-]+)$/.exec(args[at - 1] ?? '')?.[1];
    const isNamed = before !== undefined && namesSecret(before) && !word.startsWith('-');
    if (isNamed || looksLikeKey(word)) return keep(secrets, before ?? `ARGUMENT_${at + 1}`, word);
    return word;
  });
  return { words, secrets };
}

/** The password and the secret query parameters of an address → `${NAME}`; the rest stays readable. */
export function liftFromAddress(address: string): { url: string; secrets: Map<string, string> } {
  const secrets = new Map<string, string>();
  const url = new URL(address);
  let shown = address;
  for (const [name, value] of url.searchParams) {
    if (value === '' || !(namesSecret(name) || looksLikeKey(value) || guessSecret(name, value).secret))
      continue;
    const place = keep(secrets, name, value);
    for (const form of [encodeURIComponent(value), value, value.replaceAll(' ', '+')]) {
      shown = shown.replace(`${name}=${form}`, `${name}=${place}`);
    }
  }
  if (url.password !== '')
    shown = shown.replace(
      `:${url.password}@`,
      `:${keep(secrets, 'PASSWORD', decodeURIComponent(url.password))}@`,
    );
  return { url: shown, secrets };
}

function keep(secrets: Map<string, string>, label: string, value: string): string {
  const base = label
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  let name = base;
  for (let number = 2; secrets.has(name) && secrets.get(name) !== value; number++) name = `${base}_${number}`;
  secrets.set(name, value);
  return reference(name);
}
