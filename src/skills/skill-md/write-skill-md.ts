import { isRecord } from '../../contract/is-record.ts';
import { findPlaceholders, unescapePlaceholders } from '../../contract/placeholders.ts';
import type { SkillDefinition } from '../../contract/skills.ts';
import { descriptionLimit, joinFrontmatter } from './frontmatter.ts';
import { writeSteps } from './step-text.ts';

/** Where our own fields stand in `metadata`, whose values the specification wants to be text. */
export const settingsKey = 'alfred-settings';
export const titleKey = 'alfred-title';
export const literalKey = 'alfred-literal';
/** Ours by step, and those of other programs as they were written. */
export const toolsKey = 'allowed-tools';

/**
 * A skill as the SKILL.md of its folder. Prompts and guidance are its body; what other agents have no word for (allowed
 * tools by step, trigger, limits) is JSON in `metadata`. No secret is in it: a webhook's never is part of a definition.
 *
 * Source: agentskills.io/specification.
 */
export function writeSkillMd(skill: SkillDefinition): string {
  const { slug, name, description, steps, frontmatter, files: _files, ...settings } = skill;
  const { metadata: theirs, [toolsKey]: theirTools, ...others } = frontmatter ?? {};
  const isShort = description.trim() !== '' && description.length <= descriptionLimit;
  const kept = {
    ...withoutEmpty(settings),
    ...(isShort ? {} : { description }),
    steps: steps.map(({ prompt: _prompt, guidance: _guidance, ...step }) => step),
  };
  const tools = [...new Set(steps.flatMap((step) => step.allowedTools))];
  // The specification separates tools by spaces: one with a space in its name stands in our settings alone.
  const plainTools = tools.filter((tool) => !/\s/.test(tool));
  const allTools = [...plainTools, ...(typeof theirTools === 'string' ? [theirTools] : [])];
  const literal = literalTexts(steps);
  return joinFrontmatter(
    {
      ...others,
      name: slug,
      description: isShort ? description : shorten(description.trim() || name),
      metadata: {
        ...(isRecord(theirs) ? theirs : {}),
        [titleKey]: name,
        [settingsKey]: JSON.stringify(kept),
        ...(literal.length > 0 ? { [literalKey]: literal.join(' ') } : {}),
      },
      ...(allTools.length > 0 ? { [toolsKey]: allTools.join(' ') } : {}),
    },
    writeSteps(name, mapTexts(steps, literal, unescapePlaceholders)),
  );
}

const fields = ['prompt', 'guidance'] as const;
type Texts = { prompt: string; guidance?: string | undefined };

/** `1.prompt 2.guidance`: texts in which nothing is filled in, so that they can stand in the file as other agents read them. */
const literalTexts = (steps: readonly Texts[]): string[] =>
  steps.flatMap((step, index) =>
    fields
      .filter((field) => {
        const text = step[field] ?? '';
        return findPlaceholders(text).length === 0 && unescapePlaceholders(text) !== text;
      })
      .map((field) => `${index + 1}.${field}`),
  );

/** `steps` with the texts that `literal` names changed by `change`. */
export const mapTexts = <Step extends Texts>(
  steps: readonly Step[],
  literal: readonly string[],
  change: (text: string) => string,
): Step[] =>
  steps.map((step, index) => {
    const named = fields.filter((field) => literal.includes(`${index + 1}.${field}`));
    return { ...step, ...Object.fromEntries(named.map((field) => [field, change(step[field] ?? '')])) };
  });

const shorten = (text: string): string =>
  text.length <= descriptionLimit ? text : `${text.slice(0, descriptionLimit - 1)}…`;

const withoutEmpty = (fields: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined));
