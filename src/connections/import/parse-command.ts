/**
 * Reads pasted command lines: `npx …`, `uvx …`, `docker run …`, `KEY=value command …`, `curl …`, and what other programs'
 * documentation prints to add a server (`claude mcp add NAME -e KEY=value -- command …`).
 */
import path from 'node:path';
import { readAdder } from './adders.ts';
import { type ReadCurl, readCurls } from './curl/read-curl.ts';
import type { Entries } from './find-servers.ts';
import { finishCommand, readAssignment } from './finish-command.ts';
import { hostName } from './links.ts';
import { nameOfCommand } from './parse-servers.ts';
import { refusedCommand, type ShellCommand, splitCommands } from './shell-words.ts';

/**
 * Reads one command line, or several that each add servers.
 *
 * @throws AlfredError E_VALIDATION when there is no command in it, or only a shell could run it
 */
export function parseCommands(text: string): ParsedCommands {
  const commands = splitCommands(text).map(({ words, ...rest }) => ({
    ...rest,
    words: /^[$>]$/.test(words[0] ?? '') ? words.slice(1) : words,
  }));
  const [first] = commands;
  if (first === undefined) throw refusedCommand('There is no command in it.');
  const added = commands.map(({ words }) => readAdder(words));
  const whole = added.filter((one) => one !== undefined);
  if (whole.length === commands.length)
    return {
      servers: whole.flatMap(({ servers }) => servers),
      inputs: whole.flatMap(({ inputs }) => inputs),
    };

  const { env, rest } = takeExports(commands);
  const calls = readCurls(filled(rest, env));
  if (calls) return { ...calls, inputs: [] };
  if (rest.slice(0, -1).some(({ isChained }) => isChained))
    throw refusedCommand('It holds several commands, which only a shell runs one after another.');
  if (rest.length > 1 && rest.slice(1).some(({ words }) => isProgram(words[0])))
    throw refusedCommand('It holds several commands: paste one of them.');
  const words = rest.flatMap((one) => one.words);
  const adder = readAdder(words);
  if (adder) return { ...adder, servers: adder.servers.map((one) => withEnv(one, env)) };
  if (words.length === 0) throw refusedCommand('There is no command in it.');
  const [url, ...more] = words;
  if (/^https?:\/\//i.test(url ?? '')) {
    if (more.length > 0) throw refusedCommand('It holds an address with words behind it.');
    return { servers: [[hostName(url ?? ''), { url }]], inputs: [] };
  }
  const finished = finishCommand(words);
  if (finished.words.length === 0) throw refusedCommand('There is no command in it.');
  const [command, ...args] = words;
  return {
    servers: [[nameOfCommand(finished.words), { command: [command, ...args], env: Object.fromEntries(env) }]],
    inputs: [],
  };
}

type ParsedCommands = { servers: Entries; inputs: unknown[] } & Partial<Pick<ReadCurl, 'apis' | 'refused'>>;

/** `TOKEN=…` on a line before is what `$TOKEN` stands for in a call. */
const filled = (commands: ShellCommand[], env: [string, string][]): ShellCommand[] =>
  commands.map((command) => ({
    ...command,
    words: command.words.map((word) =>
      env.reduce(
        (text, [name, value]) =>
          text.replace(new RegExp(`\\$(?:\\{${name}\\}|${name}(?![A-Za-z0-9_]))`, 'g'), () => value),
        word,
      ),
    ),
  }));

/** `export KEY=value` lines before a command say what stands in its environment. */
function takeExports(commands: ShellCommand[]): { env: [string, string][]; rest: ShellCommand[] } {
  const env: [string, string][] = [];
  const rest = commands.filter(({ words: [verb, ...words] }) => {
    const pairs = (/^(?:export|set|declare)$/.test(verb ?? '') ? words : [verb]).map(readAssignment);
    const areAll =
      pairs.length > 0 &&
      pairs.every((pair) => pair !== undefined) &&
      (verb === 'export' || words.length === 0 || verb === 'set');
    if (areAll) env.push(...pairs.filter((pair) => pair !== undefined));
    return !areAll;
  });
  return { env, rest };
}

const withEnv = ([name, entry]: Entries[number], env: [string, string][]): Entries[number] => {
  if (env.length === 0 || typeof entry !== 'object' || entry === null || 'url' in entry) return [name, entry];
  const own = 'env' in entry && typeof entry.env === 'object' ? entry.env : {};
  return [name, { ...entry, env: { ...Object.fromEntries(env), ...own } }];
};

const programs = new Set(
  'npx bunx pnpx npm pnpm yarn uvx uv pip pipx node python python3 deno bun docker podman claude gemini codex code curl git cd brew go cargo'.split(
    ' ',
  ),
);
const isProgram = (word: string | undefined) => programs.has(path.basename(word ?? ''));
