import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import type { SkillField } from '../../contract/skill-field.ts';
import { type SkillFieldName, skillFieldNames, skillFields } from '../../contract/skill-fields.ts';
import { type NewSkillResult, type Skill, skillDefinitionSchema } from '../../contract/skills.ts';
import { type FieldError, messageOf } from '../../kernel/errors.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { CliProblem, refusedProblem, usageProblem } from '../problem.ts';
import { askYes } from '../prompts.ts';
import { clean } from '../render/text.ts';

/** What a person sees of a skill even where it says nothing of it. */
const always: readonly SkillFieldName[] = ['description', 'triggerType', 'triggerConfig', 'isActive'];

/** The part of a skill that a person edits; what says nothing is left out, so that the file stays short. */
export function toDefinition(skill: Skill): Record<string, unknown> {
  const shown = skillFieldNames.filter((name) => {
    const field: SkillField = skillFields[name];
    return field.isDerived !== true && (always.includes(name) || skill[name] !== field.unsaid);
  });
  return Object.fromEntries(shown.map((name) => [name, skill[name]]));
}

/** The JSON merge patch (RFC 7396) at the top level from one definition to the other: null for what was taken out. */
export function patchBetween(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  const changed = Object.entries(after).filter(
    ([key, value]) => JSON.stringify(before[key]) !== JSON.stringify(value),
  );
  const removed = Object.keys(before).filter((key) => !(key in after));
  return Object.fromEntries([...changed, ...removed.map((key): [string, unknown] => [key, null])]);
}

async function openEditor(context: Context, file: string): Promise<void> {
  const editor = context.env.VISUAL || context.env.EDITOR || 'vi';
  const code = await new Promise<number | null>((resolve, reject) => {
    // $EDITOR may hold arguments (`code --wait`), so a shell splits it; the file's name is passed apart from it.
    const child = spawn('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', resolve);
  });
  if (code !== 0)
    throw usageProblem(
      `The editor (${editor}) ended with ${code ?? 'a signal'}; nothing was saved`,
      'set EDITOR to the editor you want',
    );
}

type Reading = { definition: Record<string, unknown> } | { problems: FieldError[] };

function readEdited(text: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [{ field: '', message: `not JSON: ${messageOf(error)}` }] };
  }
  const parsed = skillDefinitionSchema.safeParse(json);
  if (!parsed.success) return { problems: fieldErrors(parsed.error.issues) };
  return { definition: json as Record<string, unknown> };
}

/** Shows what is wrong and asks whether to go on; throws when nobody can be asked or the answer is no. */
async function askAgain(context: Context, problem: CliProblem): Promise<void> {
  if (!context.canAsk) throw problem;
  context.note(`${context.err.red('✗')} ${problem.message}`);
  for (const { field, message } of problem.fields) context.note(`  ${field || 'skill'}: ${message}`);
  if (!(await askYes(context, 'edit again?', true))) throw refusedProblem('nothing was saved');
}

async function editLoop(context: Context, slug: string, file: string): Promise<NewSkillResult | undefined> {
  const api = await context.api();
  const { body, etag } = await api.tagged.getSkill({ params: { slug } });
  const before = toDefinition(body);
  await writeFile(file, `${JSON.stringify(before, null, 2)}\n`, { mode: 0o600 });
  for (;;) {
    await openEditor(context, file);
    const reading = readEdited(await readFile(file, 'utf8'));
    if ('problems' in reading) {
      await askAgain(
        context,
        new CliProblem('E_VALIDATION', 'The skill is not right', { fields: reading.problems }),
      );
      continue;
    }
    const patch = patchBetween(before, reading.definition);
    if (Object.keys(patch).length === 0) return undefined;
    try {
      return await api.updateSkill({ params: { slug }, body: patch }, { etag });
    } catch (error) {
      const isTheirs =
        error instanceof CliProblem && (error.code === 'E_VALIDATION' || error.code === 'E_UNKNOWN_TOOL');
      if (!isTheirs) throw error;
      await askAgain(context, error);
    }
  }
}

export function addSkillEdit(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'edit <slug>',
    summary: 'change a skill in your editor',
    description:
      'Opens the definition as JSON in $VISUAL or $EDITOR (vi when neither is set). What is wrong is shown, and you can go back in. Every save is a new version.',
    examples: [['EDITOR=nano alfred skill edit house-report', 'edits, checks and saves']],
    async run(context, [slug = '']) {
      const folder = await mkdtemp(path.join(tmpdir(), 'alfred-skill-'));
      try {
        const skill = await editLoop(context, slug, path.join(folder, `${path.basename(slug)}.json`));
        const { out } = context;
        if (skill === undefined) {
          present(context, { slug, changed: false }, () => `${out.bold(slug)} is as it was`);
        } else {
          present(
            context,
            skill,
            () => `${out.green('✓')} ${out.bold(skill.slug)} is saved as version ${skill.version}`,
          );
          for (const warning of skill.warnings ?? [])
            context.note(`${context.err.yellow('!')} ${clean(warning)}`);
        }
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
      return undefined;
    },
  });
}
