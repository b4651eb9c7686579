/**
 * Moves what looks like a secret out of arguments into `secrets`, leaving `${NAME}` in its place: what stands in
 * `config.args` is stored and shown in the open.
 */
import { isRecord } from '../../contract/is-record.ts';
import { liftFromAddress } from './lift-address.ts';
import { liftFromText } from './lift-text.ts';
import { Lifted } from './lifted.ts';
import {
  beginsLikeKey,
  holdsLogin,
  isOrdinary,
  isPath,
  keysIn,
  looksRandom,
  namesSecret,
} from './looks-secret.ts';
import { asReferences, isPlaceholder, isWholePlaceholder } from './placeholders.ts';

export type LiftedArguments = { words: string[]; secrets: Map<string, string> };

const headerFlag = /^(?:-H|--headers?)$/;

/** `--api-key VALUE`, `--token=VALUE`, `NAME=value`, headers, addresses with keys, and keys by their looks → `${API_KEY}`. */
export function liftFromArguments(args: readonly string[]): LiftedArguments {
  const lifted = new Lifted();
  const words = args.map((given, at) => {
    const word = asReferences(given);
    const before = args[at - 1] ?? '';
    // A line for a shell, or a program's text.
    if (before === '-c' || before === '/c') return liftFromText(word, lifted);
    const [, start, flag, inline] = /^(-{0,2}([A-Za-z_][\w.-]*)=)(.*)$/s.exec(word) ?? [];
    if (start !== undefined && flag !== undefined && inline !== undefined)
      return (
        start + (headerFlag.test(`--${flag}`) ? liftHeader(inline, lifted) : liftValue(flag, inline, lifted))
      );
    if (headerFlag.test(before)) return liftHeader(word, lifted);
    // curl's and redis-cli's spelling of a header or a login in one word.
    if (/^-H./.test(word)) return `-H${liftHeader(word.slice(2), lifted)}`;
    if (/^(?:-u|--user)$/.test(before) && /^[^:/\s]+:\S+$/.test(word))
      return replacedWhole('USER', word, lifted);
    const named = /^--?([A-Za-z][\w.-]*)$/.exec(before)?.[1];
    if (named !== undefined && !/^--?[A-Za-z]/.test(word)) return liftValue(named, word, lifted);
    return liftValue(undefined, word, lifted);
  });
  return { words, secrets: lifted.secrets };
}

/** `Name: value` → `Name: ${NAME}`. Which headers are none of a secret is not worth a guess. */
function liftHeader(text: string, lifted: Lifted): string {
  const [, start, name = '', value = ''] = /^((["']?[\w-]+)["']?\s*[:=]\s*)(.+)$/s.exec(text) ?? [];
  if (start === undefined) return liftValue('header', text, lifted);
  if (/^(?:accept|content-type|user-agent)$/i.test(name) || /^\$\{\w+\}$/.test(value)) return text;
  const [, before = '', rest = value] = /^((?:Bearer|Basic|Token)\s+)(.+)$/is.exec(value) ?? [];
  return start + before + replacedWhole(name, rest, lifted);
}

const replacedWhole = (label: string, value: string, lifted: Lifted): string =>
  isPlaceholder(value) ? lifted.ask(label, value) : lifted.keep(label, value);

function liftValue(label: string | undefined, value: string, lifted: Lifted): string {
  const isSecret = label !== undefined && (namesSecret(label) || label === 'k');
  if (value === '' || /^\$\{\w+\}$/.test(value)) return value;
  if (isWholePlaceholder(value) && (isSecret || standsAlone(value))) return lifted.ask(label, value);
  if (holdsLogin(value))
    return /\s/.test(value) ? liftFromText(value, lifted) : replacedWhole(label ?? 'URL', value, lifted);
  if (/^https?:\/\/[^\s,]+$/i.test(value)) return liftFromAddress(value, lifted).url;
  if (isOrdinary(value) || isPath(value)) return value;
  if (isSecret) return lifted.keep(label, value);
  if (isJson(value))
    return hasSecretInside(value) ? lifted.keep(label ?? 'CONFIG', value) : liftFromText(value, lifted);
  if (beginsLikeKey(value) || (!/[\s,;&"':=]/.test(value) && looksRandom(value)))
    return lifted.keep(label ?? 'KEY', value);
  // Several in one word, as in `<your-account>/<your-key>:<your-secret>`.
  return liftFromText(
    value.replace(/<(?:your|my)[-_ ][^<>]{1,50}>/gi, (one) => lifted.ask(undefined, one)),
    lifted,
  );
}

/** Words in angle brackets and the like are to be filled in wherever they stand; `example` may be an argument. */
const standsAlone = (value: string): boolean =>
  /^<[^<>]+>$|^your[-_]|^YOUR_|^\[YOUR|\.\.\.$|…$|xxxxx/.test(value) && !/[\s/]/.test(value);

const isJson = (text: string): boolean => /^\s*[{[][\s\S]*[}\]]\s*$/.test(text) && parsed(text) !== undefined;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function hasSecretInside(text: string): boolean {
  const isOpen = (name: string, value: unknown): boolean => {
    if (Array.isArray(value)) return value.some((one) => isOpen(name, one));
    if (isRecord(value)) return Object.entries(value).some(([key, one]) => isOpen(key, one));
    const word = String(value ?? '');
    if (word === '' || isOrdinary(word) || isPlaceholder(word)) return false;
    return (
      namesSecret(name) ||
      holdsLogin(word) ||
      keysIn(word).length > 0 ||
      looksRandom(word) ||
      /\b(?:Bearer|Basic) \S/.test(word)
    );
  };
  return isOpen('', parsed(text));
}
