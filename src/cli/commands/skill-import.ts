import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import type { z } from 'zod';
import { fileText, fitFolder, isHidden, isLeftover, isSkillFile } from '../../contract/skill-folder.ts';
import type { skillImportPreviewSchema } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { readText } from '../json-input.ts';
import { usageProblem } from '../problem.ts';
import { fileLines } from '../render/skill-files.ts';
import { clean } from '../render/text.ts';

type SkillImportPreview = z.infer<typeof skillImportPreviewSchema>;

type Options = { replace?: boolean; slug?: string; preview?: boolean };

export function addSkillImport(noun: Command, dispatch: Dispatch): void {
  addVerb<Options>(noun, dispatch, {
    usage: 'import <path>',
    summary: 'take in a SKILL.md, or the folder that holds one',
    examples: [
      ['alfred skill import ~/skills/house-report', 'a folder'],
      ['alfred skill import - < SKILL.md', 'one file, from standard input'],
    ],
    options: (command) =>
      command
        .option('--replace', 'save a skill of this slug as a new version')
        .option('--slug <slug>', 'what it is called here, where its own name does not do')
        .option('--preview', 'only show what it would become'),
    async run(context, [source = ''], { replace = false, slug, preview = false }) {
      const files = fitFolder(await readFolder(context, source));
      const result = await (await context.api()).importSkill({
        body: { files, replace, preview, ...(slug === undefined ? {} : { slug }) },
      });
      if ('definition' in result) return showPreview(context, result);
      const { skill, warnings } = result;
      present(context, result, () => {
        const kind = skill.isActive ? '' : ', a draft';
        return `${context.out.green('✓')} ${context.out.bold(skill.slug)} is imported as version ${skill.version}${kind}`;
      });
      for (const warning of warnings) context.note(`${context.err.yellow('!')} ${clean(warning)}`);
      if (!skill.isActive) context.note(context.err.dim(`  look at it with alfred skill edit ${skill.slug}`));
      return undefined;
    },
  });
}

function showPreview(context: Context, preview: SkillImportPreview): undefined {
  const { definition, isTaken, warnings } = preview;
  const { out, err } = context;
  present(context, preview, () =>
    [
      `${out.bold(definition.slug)} ${out.dim(clean(definition.name))}${isTaken ? out.yellow(' (there is one: --replace or --slug)') : ''}`,
      ...definition.steps.flatMap(({ id, prompt, guidance }) => [
        '',
        out.dim(`step ${id}`),
        clean(prompt),
        ...(guidance === undefined ? [] : [out.dim('guidance'), clean(guidance)]),
      ]),
      ...(definition.files == null
        ? []
        : ['', out.dim('files, which its steps read when they need them'), ...fileLines(definition.files)]),
    ].join('\n'),
  );
  for (const warning of warnings) context.note(`${err.yellow('!')} ${clean(warning)}`);
  return undefined;
}

/** A SKILL.md, `-` for standard input, or the files of its folder. @throws CliProblem without a SKILL.md */
export async function readFolder(context: Context, source: string): Promise<Record<string, string | null>> {
  const isFolder = source !== '-' && (await stat(source).catch(() => undefined))?.isDirectory();
  if (!isFolder) return { 'SKILL.md': await readText(context, source) };
  const files: Record<string, string | null> = {};
  for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(source, file).replaceAll(path.sep, '/');
    if (!entry.isFile() || name.split('/').some(isLeftover)) continue;
    files[name] = isHidden(name) ? null : fileText(await readFile(file));
  }
  if (!Object.keys(files).some(isSkillFile)) throw usageProblem(`${source} holds no SKILL.md`);
  return files;
}
