import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { AlfredError } from '../kernel/errors.ts';

/** Where people get the launchers that connections use most. */
const sources: Record<string, string> = {
  npx: 'npx comes with Node.js (https://nodejs.org).',
  node: 'Get it at https://nodejs.org.',
  uvx: 'uvx comes with uv (https://docs.astral.sh/uv).',
  uv: 'Get it at https://docs.astral.sh/uv.',
  docker: 'Get it at https://docs.docker.com/engine/install.',
  python: 'Many systems call it python3.',
};

/**
 * The absolute path of the program that `command` names, looked up as a shell would, but without one.
 *
 * @throws AlfredError E_COMMAND_NOT_FOUND
 */
export async function resolveCommand(command: string, where: { path: string; cwd: string }): Promise<string> {
  const candidates = command.includes('/')
    ? [path.resolve(where.cwd, command)]
    : where.path
        .split(path.delimiter)
        .filter((folder) => folder !== '')
        .map((folder) => path.resolve(where.cwd, folder, command));
  let unusable: string | undefined;
  for (const file of candidates) {
    const found = await look(file);
    if (found === 'program') return file;
    if (found === 'other') unusable ??= file;
  }
  if (unusable !== undefined) {
    throw new AlfredError('E_COMMAND_NOT_FOUND', `${unusable} is not a program that can be run.`, {
      remedy: `Check the path, or make it executable: chmod +x ${unusable}`,
    });
  }
  throw new AlfredError(
    'E_COMMAND_NOT_FOUND',
    command.includes('/')
      ? `There is no file ${candidates[0] ?? command}.`
      : `The command "${command}" was not found in any folder of PATH.`,
    { remedy: remedyFor(command) },
  );
}

function remedyFor(command: string): string {
  if (/\s/.test(command)) return 'Give the command alone, and its arguments as a list in "args".';
  if (command.startsWith('~')) return 'Write the home folder out: no shell reads this command.';
  const source = sources[command];
  return `Install it or give its full path as the command, then test again.${source === undefined ? '' : ` ${source}`}`;
}

async function look(file: string): Promise<'program' | 'other' | 'nothing'> {
  try {
    if (!(await stat(file)).isFile()) return 'other';
  } catch {
    // Whatever the reason is (no such file, a folder that we may not enter), there is no program for us there.
    return 'nothing';
  }
  try {
    await access(file, constants.X_OK);
    return 'program';
  } catch {
    return 'other';
  }
}
