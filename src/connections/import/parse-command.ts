/**
 * Reads a pasted command line: `npx …`, `uvx …`, `docker run …`, `KEY=value command …`, and the forms that other
 * programs' documentation prints (`claude mcp add NAME -e KEY=value -- command …`).
 */
import path from 'node:path';
import { AlfredError } from '../../kernel/errors.ts';
import type { Candidate } from './candidate.ts';
import { splitCommandLine } from './split-command-line.ts';

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/**
 * Reads one command line.
 *
 * @throws AlfredError E_VALIDATION when there is no command in it, or only a shell could run it
 */
export function parseCommand(line: string): Candidate {
  const values = new Map<string, string>();
  const warnings: string[] = [];
  let words = splitCommandLine(line.replace(/^\s*\$\s+/, ''));

  const added = readMcpAdd(words, values);
  if (added) words = added.words;
  while (words[0] !== undefined && assignment.test(words[0])) {
    const [, name = '', value = ''] = assignment.exec(words[0]) ?? [];
    values.set(name, value);
    words = words.slice(1);
  }
  const [command, ...args] = words;
  if (command === undefined) {
    throw new AlfredError('E_VALIDATION', 'There is no command in this text.', {
      remedy: 'Paste a command such as: npx -y @modelcontextprotocol/server-memory',
      fields: [{ field: '/text', message: 'holds no command' }],
    });
  }
  const container = path.basename(command) === 'docker' || path.basename(command) === 'podman';
  const finalArgs = container ? liftContainerEnvironment(args, values) : args;
  if (container && !finalArgs.includes('-i') && !finalArgs.includes('--interactive')) {
    warnings.push('a container that speaks over standard input needs "-i"');
  }
  return {
    importedAs: added?.name ?? nameOf(command, finalArgs),
    target: { type: 'mcp_stdio', command, args: finalArgs },
    values,
    warnings,
  };
}

/** `claude mcp add [options] NAME [-e KEY=value]… [--] command args…` → the name and the command. */
function readMcpAdd(
  words: string[],
  values: Map<string, string>,
): { name: string; words: string[] } | undefined {
  const at = words.indexOf('add');
  if (at < 1 || words[at - 1] !== 'mcp') return undefined;
  const rest = words.slice(at + 1);
  let name: string | undefined;
  while (rest.length > 0) {
    const word = rest[0] ?? '';
    if (word === '--') return { name: name ?? 'connection', words: rest.slice(1) };
    if (word === '-e' || word === '--env') {
      const [, key, value] = assignment.exec(rest[1] ?? '') ?? [];
      if (key !== undefined) values.set(key, value ?? '');
      rest.splice(0, 2);
    } else if (word === '-s' || word === '--scope' || word === '-t' || word === '--transport') {
      rest.splice(0, 2);
    } else if (name === undefined) {
      name = word;
      rest.shift();
    } else {
      return { name, words: rest };
    }
  }
  return { name: name ?? 'connection', words: [] };
}

/**
 * `-e KEY=value` would leave the value in the arguments, which every process of the machine can read: the value moves
 * to the environment, from which `-e KEY` takes it.
 */
function liftContainerEnvironment(args: string[], values: Map<string, string>): string[] {
  const out: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    const inline = /^(?:--env=|-e)([A-Za-z_][A-Za-z0-9_]*)(?:=(.*))?$/s.exec(word);
    const next = word === '-e' || word === '--env' ? assignment.exec(args[at + 1] ?? '') : null;
    if (next) {
      values.set(next[1] ?? '', next[2] ?? '');
      out.push('-e', next[1] ?? '');
      at++;
    } else if (inline?.[2] !== undefined) {
      values.set(inline[1] ?? '', inline[2]);
      out.push('-e', inline[1] ?? '');
    } else {
      out.push(word);
    }
  }
  return out;
}

const runners = new Set([
  'npx',
  'bunx',
  'pnpx',
  'uvx',
  'pipx',
  'node',
  'python',
  'python3',
  'uv',
  'deno',
  'bun',
  'docker',
  'podman',
]);

/** A name out of the package, image or program that would run: `npx -y @scope/server-memory@1` → `server-memory`. */
function nameOf(command: string, args: string[]): string {
  const program = path.basename(command);
  if (!runners.has(program)) return withoutNoise(program);
  const takesValue = new Set([
    '-e',
    '--env',
    '-v',
    '--volume',
    '--mount',
    '--name',
    '-p',
    '--network',
    '--from',
    '--with',
    '--python',
  ]);
  const candidates: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] ?? '';
    if (takesValue.has(word)) at++;
    else if (!word.startsWith('-') && !['run', 'dlx', 'tool', 'exec'].includes(word)) candidates.push(word);
  }
  return withoutNoise(candidates[0] ?? program);
}

const withoutNoise = (word: string): string =>
  word
    .replace(/(?<=.)@[^/]*$/, '')
    .replace(/:[^/]*$/, '')
    .replace(/\.(m?js|ts|py)$/, '')
    .split('/')
    .at(-1)
    ?.replace(/^(mcp-server-|server-|mcp-)/, '')
    .replace(/(-mcp-server|-mcp|-server)$/, '') || word;
