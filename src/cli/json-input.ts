/** JSON that a person gives: in an option, a file, standard input, or as `key=value` words. */

import { readFile } from 'node:fs/promises';
import { parseExactJson } from '../contract/exact-json.ts';
import { isRecord } from '../contract/is-record.ts';
import { messageOf } from '../kernel/errors.ts';
import type { Context } from './context.ts';
import { usageProblem } from './problem.ts';
import { readStdin } from './secrets.ts';

/** Parses JSON. @throws CliProblem that says where it stopped making sense */
export function parseJson(text: string, what: string): unknown {
  try {
    return parseExactJson(text);
  } catch (error) {
    throw usageProblem(`${what} is not JSON: ${messageOf(error)}`);
  }
}

/** The text of a file, or of standard input for `-`. */
export async function readText(context: Context, file: string): Promise<string> {
  if (file === '-') return readStdin(context);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw usageProblem(`${file} cannot be read: ${messageOf(error)}`);
  }
}

/** `count=3` is a number, `on=true` a yes, `list=[1,2]` a list; anything else is text as it stands. */
function parseValue(text: string): unknown {
  if (!/^(?:-?\d|true$|false$|null$|[[{"])/.test(text)) return text;
  try {
    return parseExactJson(text);
  } catch {
    return text; // it only began like JSON: `3 eggs`, `2026-11-22`
  }
}

/**
 * A run's input from `--input`, `--input-file` and `key=value` words; words win over the rest.
 *
 * @throws CliProblem for what is no JSON object or no pair
 */
export async function readRunInput(
  context: Context,
  from: { input?: string | undefined; inputFile?: string | undefined; pairs: string[] },
): Promise<Record<string, unknown>> {
  if (from.input !== undefined && from.inputFile !== undefined) {
    throw usageProblem('--input and --input-file say the same thing twice', 'use one of them');
  }
  const text = from.inputFile === undefined ? from.input : await readText(context, from.inputFile);
  const base =
    text === undefined ? {} : parseJson(text, from.inputFile === undefined ? '--input' : from.inputFile);
  if (!isRecord(base)) {
    throw usageProblem('The input is not a JSON object', `write --input '{"name": "value"}', or name=value`);
  }
  const pairs = from.pairs.map((pair): [string, unknown] => {
    const at = pair.indexOf('=');
    if (at < 1)
      throw usageProblem(`${pair} is not a pair`, 'write name=value, or --input with a JSON object');
    return [pair.slice(0, at), parseValue(pair.slice(at + 1))];
  });
  return { ...base, ...Object.fromEntries(pairs) };
}
