/** What a command is once what only a shell, Windows or a container takes from its words is taken out of them. */
import path from 'node:path';

const assignment = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/** `NAME=value` as its two parts. */
export const readAssignment = (word: string | undefined): [name: string, value: string] | undefined => {
  const [, name, value] = assignment.exec(word ?? '') ?? [];
  return name === undefined || value === undefined ? undefined : [name, value];
};

export type FinishedCommand = { words: string[]; env: [name: string, value: string][]; warnings: string[] };

/** `cmd /c`, `env`, `export` and assignments before a command go; a container's `-e NAME=value` stands in the environment. */
export function finishCommand(given: readonly string[]): FinishedCommand {
  const env: FinishedCommand['env'] = [];
  const warnings: string[] = [];
  let words = [...given];
  for (;;) {
    const [first = '', second = ''] = words;
    const pair = readAssignment(first);
    if (pair !== undefined) {
      env.push(pair);
      words = words.slice(1);
    } else if (/^(?:cmd|cmd\.exe)$/i.test(first) && /^\/[cC]$/.test(second)) {
      words = words.slice(2);
      warnings.push('"cmd /c" of Windows is left out');
    } else if (['env', 'export', 'set', '$', '>'].includes(first) && words.length > 1) {
      words = words.slice(1);
    } else break;
  }
  const program = path.basename(words[0] ?? '');
  if (program !== 'docker' && program !== 'podman') return { words, env, warnings };
  const contained = takeContainerEnvironment(words, env, warnings);
  if (
    !contained.includes('-i') &&
    !contained.includes('--interactive') &&
    !contained.some((word) => /^-[a-z]*i[a-z]*$/.test(word))
  )
    warnings.push('a container that speaks over standard input needs "-i"');
  return { words: contained, env, warnings };
}

/**
 * `-e KEY=value` would leave the value in the arguments, which every process of the machine can read: the value moves
 * to the environment, from which `-e KEY` takes it.
 */
function takeContainerEnvironment(
  words: string[],
  env: FinishedCommand['env'],
  warnings: string[],
): string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const inline = /^(?:--env=|-e=?)([A-Za-z_][A-Za-z0-9_]*=.*)$/s.exec(word)?.[1];
    const pair = readAssignment(inline ?? (word === '-e' || word === '--env' ? words[at + 1] : undefined));
    if (pair === undefined) {
      out.push(word);
      if (word.startsWith('--env-file'))
        warnings.push('"--env-file" names a file in which keys stand open: enter them here instead');
      continue;
    }
    env.push(pair);
    out.push('-e', pair[0]);
    if (inline === undefined) at++;
  }
  return out;
}
