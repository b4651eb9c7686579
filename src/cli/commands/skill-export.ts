import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { makeFolder } from '../../kernel/make-folder.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { present } from '../context.ts';
import { CliProblem } from '../problem.ts';

type Options = { out?: string; force?: boolean };

export function addSkillExport(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'export <slug>',
    summary: 'write a skill as a SKILL.md folder, without secrets',
    examples: [
      ['alfred skill export house-report --out ~/skills', 'makes ~/skills/house-report/SKILL.md'],
      ['alfred skill export house-report', 'prints the SKILL.md'],
    ],
    options: (command) =>
      command
        .option('-o, --out <folder>', 'where the folder is made; standard output when left out')
        .option('--force', 'write over files that are there'),
    async run(context, [slug = ''], { out, force }) {
      const folder = await (await context.api()).exportSkill({ params: { slug } });
      if (out === undefined || out === '-') {
        present(context, folder, () => (folder.files['SKILL.md'] ?? '').trimEnd());
        return undefined;
      }
      const target = path.resolve(out, folder.name);
      for (const [name, text] of Object.entries(folder.files)) {
        const file = path.join(target, name);
        await makeFolder(path.dirname(file), 0o777);
        await write(file, text, force === true);
      }
      present(context, folder, () => `${context.out.green('✓')} ${target}`);
      return undefined;
    },
  });
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new CliProblem('E_CONFLICT', `${file} is there already`, {
      remedy: 'use --force to write over it',
    });
  }
}
