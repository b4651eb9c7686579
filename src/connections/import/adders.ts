/** `claude mcp add …`, `gemini mcp add …`, `codex mcp add …`, `… mcp add-json NAME JSON`, `code --add-mcp JSON`. */
import type { Entries } from './find-servers.ts';
import { findServers } from './find-servers.ts';
import { readAssignment } from './finish-command.ts';
import { hostName } from './links.ts';
import { readDocument } from './read-document.ts';
import { refusedCommand } from './shell-words.ts';

type Added = { servers: Entries; inputs: unknown[] };

/** Options of the adding program that take a value and mean nothing here. */
const passedOver =
  /^(?:-s|--scope|--callback-port|--timeout|--description|--include-tools|--exclude-tools|--client-id|--oauth-[\w-]+|--startup-timeout\S*|--tool-timeout\S*|--profile|--agent|--workspace)$/;
/** Those with a secret in it that is asked for at the sign-in instead. */
const ofLogin = /^--client-secret$/;
const kinds = /^(?:-t|--transport|--type)$/;
const envFlag = /^(?:-e|--env|--environment)$/;
const headerFlag = /^(?:-H|--headers?)$/;

/** @returns undefined where the words add no server */
export function readAdder(words: readonly string[]): Added | undefined {
  const json = words.flatMap((word, at) =>
    word === '--add-mcp' ? [words[at + 1] ?? ''] : word.startsWith('--add-mcp=') ? [word.slice(10)] : [],
  );
  if (json.length > 0) return together(json.map((text) => findServers(documentOf(text))));
  const at = words.findIndex((word, index) => word === 'mcp' && /^add(-json)?$/.test(words[index + 1] ?? ''));
  if (at < 0 || at > 4) return undefined;
  const rest = words.slice(at + 2);
  if (words[at + 1] === 'add') return { servers: [readAdd(rest)], inputs: [] };
  const text = rest.find((word) => /^\s*\{/.test(word));
  const name = rest.find(
    (word, index) => !word.startsWith('-') && !/^(?:-s|--scope)$/.test(rest[index - 1] ?? ''),
  );
  if (text === undefined || name === undefined || name === text)
    throw refusedCommand('"mcp add-json" needs a name and JSON.');
  const { servers, inputs } = findServers(documentOf(text));
  return { servers: servers.map(([, entry]) => [name, entry]), inputs };
}

const documentOf = (text: string): unknown => {
  const document = readDocument(text.trim());
  if (document === undefined) throw refusedCommand('What stands for its JSON is none.');
  return document;
};

const together = (all: Added[]): Added => ({
  servers: all.flatMap(({ servers }) => servers),
  inputs: all.flatMap(({ inputs }) => inputs),
});

type Reading = {
  name: string | undefined;
  words: string[];
  url: string | undefined;
  env: [string, string][];
  headers: string[];
  bearerFrom: string | undefined;
};

/** Options may stand before the name, behind it, and behind an address. */
function readAdd(given: readonly string[]): Entries[number] {
  const reading: Reading = {
    name: undefined,
    words: [],
    url: undefined,
    env: [],
    headers: [],
    bearerFrom: undefined,
  };
  const rest = [...given];
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (word === '--') {
      reading.words.push(...rest.splice(0));
    } else if (!readOption(word, rest, reading)) {
      if (/^https?:\/\//i.test(word) && reading.words.length === 0) reading.url = word;
      else if (reading.name === undefined) reading.name = word;
      else {
        reading.words.push(word, ...takeOwnOptions(rest.splice(0), word, reading));
      }
    }
  }
  const { words, url, env, headers, bearerFrom } = reading;
  const name = reading.name ?? (url === undefined ? 'connection' : hostName(url));
  if (url !== undefined && words.length === 0)
    return [
      name,
      { url, headers, ...(bearerFrom === undefined ? {} : { bearer_token_env_var: bearerFrom }) },
    ];
  return [name, { command: words, env: Object.fromEntries(env) }];
}

/** @returns whether `word` was an option of the adding program; its values are taken from `rest` */
function readOption(word: string, rest: string[], reading: Reading): boolean {
  if (!word.startsWith('-')) return false;
  const [, option = word, inline] = /^(--[\w-]+)=(.*)$/s.exec(word) ?? [];
  const value = () => inline ?? rest.shift() ?? '';
  if (envFlag.test(option)) {
    // One or several: `--env A=1 B=2`.
    const pairs = [value()];
    while (readAssignment(rest[0]) !== undefined) pairs.push(rest.shift() ?? '');
    reading.env.push(
      ...pairs.flatMap((pair) => pair.split(/,(?=[A-Za-z_]\w*=)/)).flatMap((pair) => toPair(pair)),
    );
  } else if (headerFlag.test(option)) {
    reading.headers.push(value());
    while (/^[\w-]+:\s*\S/.test(rest[0] ?? '') && !/^https?:/i.test(rest[0] ?? ''))
      reading.headers.push(rest.shift() ?? '');
  } else if (option === '--url') reading.url = value();
  else if (option === '--name') reading.name = value();
  else if (option === '--command') reading.words.unshift(value());
  else if (option === '--args') reading.words.push(...value().split(/[\s,]+/));
  else if (option === '--bearer-token-env-var') reading.bearerFrom = value();
  else if (kinds.test(option) || passedOver.test(option) || ofLogin.test(option)) value();
  return true;
}

const toPair = (text: string): [string, string][] => {
  const pair = readAssignment(text);
  return pair === undefined ? [] : [pair];
};

/** Behind the command, `-e KEY=value` is still the adding program's, unless the command has an `-e` of its own. */
function takeOwnOptions(rest: string[], command: string, reading: Reading): string[] {
  if (/^(?:docker|podman)$/.test(command)) return rest[0] === '--' ? rest.slice(1) : rest;
  const own: string[] = [];
  while (rest.length > 0) {
    const word = rest.shift() ?? '';
    if (word === '--') return [...own, ...rest];
    if (envFlag.test(word) && readAssignment(rest[0]) !== undefined) readOption(word, rest, reading);
    else own.push(word);
  }
  return own;
}
