/**
 * Reads every SKILL.md of a folder, however many, writes each out again, and compares: nothing may be refused, and what comes back
 * is what went in.
 * Run by hand: node tests/compat/skills/collection.ts FOLDER
 */
import { globSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../../../src/cli/commands/skill-import.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import { canonicalJson } from '../../../src/kernel/hash.ts';
import { readSkillMd } from '../../../src/skills/skill-md/read-skill-md.ts';
import { writeSkillMd } from '../../../src/skills/skill-md/write-skill-md.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('Say in which folder the skills are');
const files = new Set(
  ['**/SKILL.md', '**/.*/**/SKILL.md'].flatMap((form) => globSync(form, { cwd: folder })),
);

const wrong: string[] = [];
let withFilesLeft = 0;
for (const file of [...files].toSorted()) {
  try {
    // Nothing is read from standard input, which is all that the context is for.
    const given = await readFolder(undefined as never, path.join(folder, path.dirname(file)));
    const { definition, warnings } = readSkillMd(given);
    if (warnings.some((warning) => warning.startsWith('not kept'))) withFilesLeft += 1;
    const back = readSkillMd({ 'SKILL.md': writeSkillMd(definition), ...definition.files });
    if (canonicalJson(back.definition) !== canonicalJson(definition)) wrong.push(`${file}: not the same`);
  } catch (error) {
    wrong.push(`${file}: ${messageOf(error)}`);
  }
}
process.stdout.write(
  `${files.size} skills; ${withFilesLeft} have files that are not kept, and say so; refused or changed: ${wrong.length}\n${wrong.map((one) => `  ${one}\n`).join('')}`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
