/**
 * Imports every skill of the list as its owner would, exports it and imports that again, and writes down what became of it
 * (tests/compat/skills/seen.json; `npm run tables` then makes the table of docs/skills.md).
 * Run by hand: node tests/compat/skills/run.ts FOLDER. What FOLDER/owner/repository has already is not fetched.
 */
import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readFolder } from '../../../src/cli/commands/skill-import.ts';
import { messageOf } from '../../../src/kernel/errors.ts';
import { canonicalJson } from '../../../src/kernel/hash.ts';
import { exportSkill } from '../../../src/skills/export-skill.ts';
import { importSkill } from '../../../src/skills/import-skill.ts';
import { removeSkill } from '../../../src/skills/remove-skill.ts';
import { definitionOf, findIntactSkill } from '../../../src/skills/skill-row.ts';
import { type Bench, openBench } from '../bench.ts';
import { checkOut } from '../checkout.ts';
import { skillSources } from './folders.ts';
import type { SeenSkill } from './seen-skill.ts';

const [given] = process.argv.slice(2);
if (given === undefined) throw new Error('Say where the skills are, or are to be fetched to');
const folder = path.resolve(given);
const author = { actor: 'trial', mayLoosen: false };

const bench = await openBench(folder);
const rows: SeenSkill[] = [];
try {
  for (const source of skillSources) {
    const place = checkOut(folder, source, ['.']);
    const found = globSync('**/SKILL.md', { cwd: place }).concat(
      globSync('**/.*/**/SKILL.md', { cwd: place }),
    );
    for (const file of [...new Set(found)].toSorted()) {
      const row = await trySkill(bench, place, source.repository, path.dirname(file));
      rows.push(row);
      process.stdout.write(
        `${row.repository}/${row.folder}: ${row.slug ?? row.error}${row.same === false ? ', not the same after an export' : ''}\n`,
      );
    }
  }
} finally {
  await bench.close();
}
writeFileSync(path.join(import.meta.dirname, 'seen.json'), `${JSON.stringify(rows, undefined, 2)}\n`);

async function trySkill(
  { deps }: Bench,
  place: string,
  repository: string,
  inside: string,
): Promise<SeenSkill> {
  // Nothing is read from standard input, which is all that the context is for.
  const files = await readFolder(undefined as never, path.join(place, inside));
  const bytes = Object.values(files).reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), 0);
  const row = { repository, folder: inside, files: Object.keys(files).length, bytes };
  try {
    const { skill, warnings } = await importSkill(deps, files, author);
    const before = definitionOf(await findIntactSkill(deps.db.prisma, skill.slug));
    const exported = await exportSkill(deps, skill.slug);
    await importSkill(deps, exported.files, { ...author, replace: true });
    const after = definitionOf(await findIntactSkill(deps.db.prisma, skill.slug));
    await removeSkill(deps, skill.slug);
    const [step] = before.steps;
    return {
      ...row,
      slug: skill.slug,
      prompt: step?.prompt.length,
      kept: Object.values(before.files ?? {}).reduce((sum, text) => sum + text.length, 0),
      same: canonicalJson(before) === canonicalJson(after),
      warnings,
    };
  } catch (error) {
    return { ...row, warnings: [], error: messageOf(error) };
  }
}
