/** A definition in a person's own editor: what is wrong is shown, and they can go back in. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { skillDefinitionSchema } from '../contract/skills.ts';
import { type FieldError, messageOf } from '../kernel/errors.ts';
import { fieldErrors } from '../kernel/validate.ts';
import type { Context } from './context.ts';
import { CliProblem, refusedProblem, usageProblem } from './problem.ts';
import { askYes } from './prompts.ts';

export type Definition = Record<string, unknown>;

/**
 * Opens `before` as JSON and gives `save` what became of it, again and again until that goes through.
 *
 * @param name of the file, without its ending
 * @param save gives undefined where there is nothing to save
 * @throws CliProblem when the editor fails, or nobody goes back in
 */
export async function editDefinition<Saved>(
  context: Context,
  { name, before }: { name: string; before: Definition },
  save: (edited: Definition) => Promise<Saved>,
): Promise<Saved> {
  const folder = await mkdtemp(path.join(tmpdir(), 'alfred-skill-'));
  const file = path.join(folder, `${path.basename(name)}.json`);
  try {
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
      try {
        return await save(reading.definition);
      } catch (error) {
        const isTheirs =
          error instanceof CliProblem && (error.code === 'E_VALIDATION' || error.code === 'E_UNKNOWN_TOOL');
        if (!isTheirs) throw error;
        await askAgain(context, error);
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

type Reading = { definition: Definition } | { problems: FieldError[] };

function readEdited(text: string): Reading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { problems: [{ field: '', message: `not JSON: ${messageOf(error)}` }] };
  }
  const parsed = skillDefinitionSchema.safeParse(json);
  if (!parsed.success) return { problems: fieldErrors(parsed.error.issues) };
  return { definition: json as Definition };
}

/** Shows what is wrong and asks whether to go on; throws when nobody can be asked or the answer is no. */
async function askAgain(context: Context, problem: CliProblem): Promise<void> {
  if (!context.canAsk) throw problem;
  context.note(`${context.err.red('✗')} ${problem.message}`);
  for (const { field, message } of problem.fields) context.note(`  ${field || 'skill'}: ${message}`);
  if (!(await askYes(context, 'edit again?', true))) throw refusedProblem('nothing was saved');
}
