import { isRecord } from '../contract/is-record.ts';
import { skillFieldNames } from '../contract/skill-fields.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../contract/skills.ts';
import { fieldErrors } from '../kernel/validate.ts';
import { readSkillMd } from '../skills/skill-md/read-skill-md.ts';
import type { Context } from './context.ts';
import { parseJson, readText } from './json-input.ts';
import { CliProblem } from './problem.ts';

/**
 * The skill that a file holds: a SKILL.md, or JSON as `alfred skill show --json` prints it, of which what the VM adds is left out.
 *
 * @param file `-` for standard input
 * @throws CliProblem naming the fields that are wrong
 */
export async function readSkillFile(context: Context, file: string): Promise<SkillDefinition> {
  const text = await readText(context, file);
  const given = text.trimStart().startsWith('{')
    ? skillIn(parseJson(text, file))
    : readSkillMd({ 'SKILL.md': text }).definition;
  const parsed = skillDefinitionSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new CliProblem('E_VALIDATION', `${file} is no skill that can be run`, {
    fields: fieldErrors(parsed.error.issues),
    remedy: 'Begin from one that is: alfred skill show SLUG --json',
  });
}

function skillIn(json: unknown): unknown {
  if (!isRecord(json) || !('version' in json)) return json;
  return Object.fromEntries(skillFieldNames.flatMap((name) => (name in json ? [[name, json[name]]] : [])));
}
