/** One server's entry as each program writes it, in one form: what is started, or what is dialled. */
import { isRecord } from '../../contract/is-record.ts';
import { splitCommands } from './shell-words.ts';

export type NormalEntry = {
  words: string[];
  url: unknown;
  /** `env` of a command, `headers` of an address. */
  env: [name: string, value: string][];
  headers: [name: string, value: string][];
  cwd: string | undefined;
  /** What keeps it from being read, as the end of a sentence. */
  problem?: string;
};

/** The names that programs have for one thing. */
const names = {
  command: ['command', 'cmd'],
  url: ['url', 'serverUrl', 'httpUrl', 'uri', 'server_url', 'endpoint'],
  env: ['env', 'environment', 'envs'],
  envNames: ['env_vars', 'env_keys'],
  headers: ['headers', 'http_headers'],
  headersFromEnv: ['env_http_headers'],
  cwd: ['cwd', 'workingDirectory', 'working_directory'],
} as const;

export const understood: ReadonlySet<string> = new Set([
  ...Object.values(names).flat(),
  ...['type', 'transport', 'transportType', 'args', 'requestOptions', 'bearer_token_env_var', 'bearer_token'],
  ...['apiKey', 'alfred', 'inputs'],
]);

/** Kinds that are no servers of their own. */
const built = /^(?:builtin|platform|frontend|inline_python)$/;

const first = (fields: Record<string, unknown>, of: readonly string[]): unknown =>
  of.map((name) => fields[name]).find((value) => value !== undefined && value !== null && value !== '');

export function normalEntry(fields: Record<string, unknown>): NormalEntry {
  const { words, env: ownEnv } = wordsOf(first(fields, names.command), fields.args);
  const isAddress = /^(?:https?|wss?):\/\//i.test(words[0] ?? '') && words.length === 1;
  const url = isAddress ? words[0] : first(fields, names.url);
  const type = String(fields.type ?? fields.transport ?? '');
  return {
    words: isAddress ? [] : words,
    url,
    env: [
      ...ownEnv,
      ...pairsOf(first(fields, names.env)),
      ...namesIn(first(fields, names.envNames)).map((name): [string, string] => [name, `\${${name}}`]),
    ],
    headers: headersOf(fields),
    cwd: typeof first(fields, names.cwd) === 'string' ? String(first(fields, names.cwd)) : undefined,
    ...(built.test(type) ? { problem: 'it is built into the program that it comes from' } : {}),
    ...(/^websocket$|^ws$/i.test(type) || /^wss?:/i.test(String(url ?? ''))
      ? { problem: 'it speaks over a WebSocket, which is not supported' }
      : {}),
  };
}

/** A command as one text, as a list, or as `{path, args, env}` (Zed); a text with its arguments in it is split. */
function wordsOf(command: unknown, args: unknown): { words: string[]; env: [name: string, value: string][] } {
  const given = listOf(args);
  if (Array.isArray(command)) return { words: [...listOf(command), ...given], env: [] };
  if (isRecord(command)) {
    const inner = wordsOf(command.path ?? command.command, command.args);
    return { words: [...inner.words, ...given], env: pairsOf(command.env) };
  }
  if (typeof command !== 'string' || command.trim() === '') return { words: [], env: [] };
  const isOneFile = /^(?:\/|[A-Za-z]:\\|~\/|\.{1,2}\/)\S* /.test(command) && given.length > 0;
  const words = /\s/.test(command.trim()) && !isOneFile ? splitLine(command) : [command.trim()];
  return { words: [...words, ...given], env: [] };
}

const splitLine = (text: string): string[] => splitCommands(text).flatMap(({ words }) => words);

const listOf = (value: unknown): string[] => {
  if (typeof value === 'string') return value.trim() === '' ? [] : splitLine(value);
  return Array.isArray(value) ? value.filter(isPlain).map(String) : [];
};

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);

const namesIn = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [])
    .map((one) => (isRecord(one) ? one.name : one))
    .filter((one) => typeof one === 'string');

/** `{NAME: value}`, `["NAME=value"]`, `["Name: value"]` or `[{name, value}]`. */
function pairsOf(value: unknown): [string, string][] {
  if (isRecord(value))
    return Object.entries(value).flatMap(([name, one]): [string, string][] =>
      isPlain(one)
        ? [[name, String(one)]]
        : isRecord(one) && isPlain(one.value)
          ? [[name, String(one.value)]]
          : [],
    );
  return (Array.isArray(value) ? value : []).flatMap((one): [string, string][] => {
    if (isRecord(one)) return isPlain(one.name) ? [[String(one.name), String(one.value ?? '')]] : [];
    const [, name, text] = /^([\w-]+)\s*[=:]\s*(.*)$/s.exec(String(one)) ?? [];
    return name === undefined ? [] : [[name, text ?? '']];
  });
}

function headersOf(fields: Record<string, unknown>): [string, string][] {
  const { requestOptions, bearer_token_env_var: fromEnv, bearer_token: token, apiKey } = fields;
  const given = pairsOf(
    first(fields, names.headers) ?? (isRecord(requestOptions) ? requestOptions.headers : undefined),
  );
  const bearer = [token, apiKey, typeof fromEnv === 'string' ? `\${${fromEnv}}` : undefined].find(
    (value) => typeof value === 'string',
  );
  return [
    ...given,
    ...pairsOf(first(fields, names.headersFromEnv)).map(([name, variable]): [string, string] => [
      name,
      `\${${variable}}`,
    ]),
    ...(bearer === undefined ? [] : [['Authorization', `Bearer ${bearer}`] satisfies [string, string]]),
  ];
}
