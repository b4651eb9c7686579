/** The scripts of `alfred completion`, read by the shells that they are for; a stand-in `alfred` gives names. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { placesOf } from '../../src/cli/completion/words.ts';
import { createProgram } from '../../src/cli/program.ts';
import { runInProcess } from '../helpers/cli-io.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'alfred-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const stand = path.join(folder, 'alfred');
writeFileSync(
  stand,
  `#!/bin/sh\n[ "$1 $2 $3" = 'completion --names skill' ] && printf 'house-report\\nhouse-plan\\ngarden\\n'\n`,
);
chmodSync(stand, 0o755);
const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder };

const isHere = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

async function script(shell: string): Promise<string> {
  const file = path.join(folder, `script.${shell}`);
  writeFileSync(file, (await runInProcess(folder, ['completion', shell])).stdout);
  return file;
}

describe('bash', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const file = await script('bash');
    const program =
      'source "$1"; shift; COMP_WORDS=(alfred "$@"); COMP_CWORD=$#; _alfred; printf "%s\\n" "${COMPREPLY[@]}"';
    const said = execFileSync('bash', ['-c', program, 'bash', file, ...words], { env, encoding: 'utf8' });
    return said.split('\n').filter((line) => line !== '');
  };

  it('is offered nouns, verbs, options and their values, each in its place', async () => {
    expect(await complete('sk')).toEqual(['skill']);
    expect(await complete('skill', 're')).toEqual(['resume', 'remove']);
    expect(await complete('skill', 'run', '--re')).toEqual(['--rehearse']);
    expect(await complete('execution', 'list', '--status', 'f')).toEqual(['failed']);
    expect(await complete('execution', 'list', '--limit', '')).toEqual([]);
  });

  it('is offered the names there are, where one is wanted', async () => {
    expect(await complete('skill', 'run', 'house-')).toEqual(['house-report', 'house-plan']);
    expect(await complete('execution', 'list', '--skill', 'g')).toEqual(['garden']);
    expect(await complete('skill', 'run', 'garden', '')).toEqual([]);
    expect(await complete('connection', 'add', '')).toEqual([]);
    expect(await complete('connection', 'add', 'notes', '--', 'np')).toEqual([]);
  });

  it('runs nothing of what was typed', async () => {
    const trace = path.join(folder, 'trace');
    await complete(`$(touch ${trace})`, `\`touch ${trace}\``, '');
    expect(existsSync(trace)).toBe(false);
  });
});

describe.skipIf(!isHere('fish'))('fish', () => {
  const complete = async (line: string): Promise<string[]> => {
    const program = 'source $argv[1]; complete -C $argv[2]';
    const said = execFileSync('fish', ['-N', '-c', program, await script('fish'), line], {
      env,
      encoding: 'utf8',
    });
    return said
      .split('\n')
      .map((each) => each.split('\t')[0] ?? '')
      .filter((each) => each !== '');
  };

  it('is offered the same', async () => {
    expect(await complete('alfred sk')).toEqual(['skill']);
    expect((await complete('alfred skill re')).sort()).toEqual(['remove', 'resume']);
    expect((await complete('alfred skill run house-')).sort()).toEqual(['house-plan', 'house-report']);
    expect(await complete('alfred execution list --status f')).toEqual(['failed']);
  });
});

describe.skipIf(!isHere('zsh'))('zsh', () => {
  /** What zsh's own helpers are asked to show. */
  const complete = async (...words: string[]): Promise<string[]> => {
    const program = `
      compadd() { shift; print -l -- "$@" }
      _files() { print -- files }
      _describe() { [[ $1 == -o ]] && shift; print -l -- "\${(@P)2}" }
      compdef() { : }
      source $1; shift
      words=(alfred "$@"); CURRENT=$#words; _alfred`;
    const said = execFileSync('zsh', ['-f', '-c', program, 'zsh', await script('zsh'), ...words], {
      env,
      encoding: 'utf8',
    });
    return said.split('\n').filter((line) => line !== '');
  };

  it('is offered the same, with what it does', async () => {
    expect(await complete('skill', '')).toContain('run:run a skill and watch it work');
    expect(await complete('skill', 'run', '')).toEqual(['house-report', 'house-plan', 'garden']);
    expect(await complete('execution', 'list', '--status', '')).toContain('failed');
    expect(await complete('skill', 'import', '')).toEqual(['files']);
  });
});

it('knows every verb that there is', async () => {
  const program = createProgram(async () => undefined);
  const verbs = program.commands.flatMap((noun) =>
    noun.commands.length === 0 ? [noun.name()] : noun.commands.map((verb) => `${noun.name()} ${verb.name()}`),
  );
  const places = placesOf(program).map(({ path: at }) => at.trim());
  expect(places).toEqual(expect.arrayContaining(verbs));
  expect((await runInProcess(folder, ['completion'])).stderr).toContain('alfred completion bash');
});
