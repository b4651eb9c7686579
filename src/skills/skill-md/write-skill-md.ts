import type { SkillDefinition } from '../../contract/skills.ts';
import { descriptionLimit, joinFrontmatter } from './frontmatter.ts';
import { writeSteps } from './step-text.ts';

/** Where our own fields stand in `metadata`, whose values the specification wants to be text. */
export const settingsKey = 'alfred-settings';
export const titleKey = 'alfred-title';

/**
 * A skill as a SKILL.md folder's one file. Prompts and guidance are its body; what other agents have no word for (allowed
 * tools by step, trigger, limits) is JSON in `metadata`. No secret is in it: a webhook's never is part of a definition.
 *
 * Source: agentskills.io/specification.
 */
export function writeSkillMd(skill: SkillDefinition): string {
  const { slug, name, description, steps, ...settings } = skill;
  const isShort = description.trim() !== '' && description.length <= descriptionLimit;
  const kept = {
    ...withoutEmpty(settings),
    ...(isShort ? {} : { description }),
    steps: steps.map(({ prompt: _prompt, guidance: _guidance, ...step }) => step),
  };
  const tools = [...new Set(steps.flatMap((step) => step.allowedTools))];
  return joinFrontmatter(
    {
      name: slug,
      description: isShort ? description : shorten(description.trim() || name),
      metadata: { [titleKey]: name, [settingsKey]: JSON.stringify(kept) },
      // The specification separates tools by spaces: one with a space in its name stands in our settings alone.
      ...(tools.length > 0 ? { 'allowed-tools': tools.filter((tool) => !/\s/.test(tool)).join(' ') } : {}),
    },
    writeSteps(name, steps),
  );
}

const shorten = (text: string): string =>
  text.length <= descriptionLimit ? text : `${text.slice(0, descriptionLimit - 1)}…`;

const withoutEmpty = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
