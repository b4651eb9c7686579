/** The table of docs/skills.md, from what became of each folder. */
import { readFileSync } from 'node:fs';
import { skillSources } from '../tests/compat/skills/folders.ts';
import type { SeenSkill } from '../tests/compat/skills/seen-skill.ts';
import { inRoot } from './make-once.ts';
import { grouped, tableText } from './table-text.ts';

export function skillsText(): string {
  const seen: SeenSkill[] = JSON.parse(readFileSync(inRoot('tests/compat/skills/seen.json'), 'utf8'));
  const rows = seen.map((row) => {
    const { commit = '' } = skillSources.find(({ repository }) => repository === row.repository) ?? {};
    const warnings = row.warnings.map((warning) =>
      warning.length > 160 ? `${warning.slice(0, 160)}…` : warning,
    );
    return [
      `[${row.folder}](https://github.com/${row.repository}/tree/${commit}/${row.folder})`,
      row.repository,
      `${row.files}`,
      `${grouped(Math.ceil(row.bytes / 1024))} KiB`,
      row.slug === undefined ? 'not taken' : `\`${row.slug}\``,
      row.slug === undefined ? '' : grouped(row.prompt ?? 0),
      row.slug === undefined ? '' : grouped(row.kept ?? 0),
      row.slug === undefined ? '' : row.same === true ? 'yes' : 'no',
      [...warnings, row.error].filter((text) => text !== undefined).join('. '),
    ];
  });
  return tableText(
    ['folder', 'of', 'files', 'size', 'becomes', 'prompt', 'files', 'the same after an export', 'to know'],
    rows,
  );
}
