/** Where a command takes secrets from: a prompt, standard input, a file. Never argv, which other processes can read. */
import { readFile } from 'node:fs/promises';
import { messageOf } from '../kernel/errors.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { askSecret } from './prompts.ts';

/** Everything on standard input, as text. */
export async function readStdin(context: Context): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}

/** A secret as it stands in a file or a pipe: without the line feed that editors and `echo` put behind it. */
const withoutLastNewline = (text: string): string => text.replace(/\r?\n$/, '');

/** All that stands on standard input is one secret. @throws CliProblem when nothing does */
export async function readStdinSecret(context: Context, what: string): Promise<string> {
  const text = withoutLastNewline(await readStdin(context));
  if (text === '') throw usageProblem(`There is nothing on standard input: ${what} is read from it`);
  return text;
}

async function readSecretFile(name: string, file: string): Promise<string> {
  try {
    return withoutLastNewline(await readFile(file, 'utf8'));
  } catch (error) {
    throw usageProblem(`The file with ${name} cannot be read: ${messageOf(error)}`);
  }
}

/** Splits `NAME=rest` of an option. */
export function splitPair(option: string, text: string, example: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw usageProblem(`${option} ${text} has no name`, `write ${option} ${example}`);
  return [text.slice(0, at), text.slice(at + 1)];
}

function parseStdinSecrets(text: string, names: string[]): Map<string, string> {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return new Map([[only, withoutLastNewline(text)]]);
  const values = new Map<string, string>();
  for (const line of text.split(/\r?\n/).filter((each) => each !== '')) {
    const at = line.indexOf('=');
    const name = line.slice(0, Math.max(0, at));
    if (!names.includes(name)) {
      // The line itself may be a secret: it is counted, never shown.
      throw usageProblem(
        'A line on standard input does not begin with one of the secrets’ names',
        'with several secrets write NAME=value, one a line',
      );
    }
    values.set(name, line.slice(at + 1));
  }
  return values;
}

/**
 * Collects the values of `names` and of `files` (`NAME=path`).
 *
 * @throws CliProblem naming what is missing; never a value
 */
export async function readSecrets(
  context: Context,
  from: { names: string[]; files: string[]; stdin: boolean },
): Promise<Record<string, string>> {
  const values = new Map<string, string>();
  for (const pair of from.files) {
    const [name, file] = splitPair('--secret-file', pair, 'NAME=path');
    values.set(name, await readSecretFile(name, file));
  }
  const missing = from.names.filter((name) => !values.has(name));
  if (from.stdin) {
    if (missing.length === 0)
      throw usageProblem('--secret-stdin needs the name that the value is for', 'add --secret NAME');
    for (const [name, value] of parseStdinSecrets(await readStdin(context), missing)) values.set(name, value);
  }
  for (const name of missing) {
    if (!values.has(name)) values.set(name, await askSecret(context, name));
  }
  for (const [name, value] of values) {
    if (value === '') throw usageProblem(`The value of ${name} is empty`);
  }
  return Object.fromEntries(values);
}
