import type { Command } from 'commander';
import type { SkillField } from '../../contract/skill-field.ts';
import { type SkillFieldName, skillFieldNames, skillFields } from '../../contract/skill-fields.ts';
import type { NewSkillResult, Skill } from '../../contract/skills.ts';
import { addVerb, type Dispatch } from '../command.ts';
import { type Context, present } from '../context.ts';
import { editDefinition } from '../edit-json.ts';
import { toolTokensWords } from '../render/skill.ts';
import { clean } from '../render/text.ts';

/** What a person sees of a skill even where it says nothing of it. */
const always: readonly SkillFieldName[] = ['description', 'triggerType', 'triggerConfig', 'isActive'];

/** The part of a skill that a person edits; what says nothing is left out, so that the file stays short. */
function toDefinition(skill: Skill): Record<string, unknown> {
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

async function edit(context: Context, slug: string): Promise<NewSkillResult | undefined> {
  const api = await context.api();
  const { body, etag } = await api.tagged.getSkill({ params: { slug } });
  const before = toDefinition(body);
  return await editDefinition(context, { name: slug, before }, async (edited) => {
    const patch = patchBetween(before, edited);
    if (Object.keys(patch).length === 0) return undefined;
    return await api.updateSkill({ params: { slug }, body: patch }, { etag });
  });
}

export function addSkillEdit(noun: Command, dispatch: Dispatch): void {
  addVerb(noun, dispatch, {
    usage: 'edit <slug>',
    summary: 'change a skill in your editor',
    description:
      'Opens the definition as JSON in $VISUAL or $EDITOR (vi when neither is set). What is wrong is shown, and you can go back in. Every save is a new version.',
    examples: [['EDITOR=nano alfred skill edit house-report', 'edits, checks and saves']],
    async run(context, [slug = '']) {
      const skill = await edit(context, slug);
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
        for (const one of skill.toolTokens ?? [])
          context.note(context.err.dim(`  step ${one.step}: ${toolTokensWords(one)}`));
      }
      return undefined;
    },
  });
}
