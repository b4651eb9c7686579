import { parseToolName, slugSchema } from '../../contract/common.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { validate } from '../../kernel/validate.ts';
import { type Frontmatter, nameLimit, splitFrontmatter } from './frontmatter.ts';
import { readSteps, type StepText } from './step-text.ts';
import { settingsKey, titleKey } from './write-skill-md.ts';

/** A folder of text files by path; `SKILL.md` is one of them. */
export type SkillFolder = Record<string, string>;

export type ReadSkill = {
  definition: SkillDefinition;
  /** What could not be taken over, in words for a person. */
  warnings: string[];
};

/** Text files beside SKILL.md that are read with the step; more than this would crowd out the prompt. In characters. */
const referencesLimit = 60_000;

/**
 * Reads a SKILL.md folder. What we wrote comes back equal; a plain skill from elsewhere becomes a draft of one step.
 *
 * @throws AlfredError E_VALIDATION when there is no SKILL.md, it cannot be read, or our settings in it are wrong
 */
export function readSkillMd(folder: SkillFolder): ReadSkill {
  const text = folder['SKILL.md'] ?? folder['skill.md'];
  if (text === undefined) {
    throw new AlfredError('E_VALIDATION', 'This folder holds no SKILL.md.', {
      remedy: 'Give the folder that has a SKILL.md at its top.',
      fields: [{ field: '/files', message: 'holds no SKILL.md' }],
    });
  }
  const { frontmatter, body } = splitFrontmatter(text);
  const steps = readSteps(body);
  const settings = frontmatter.metadata[settingsKey];
  return settings !== undefined && steps !== undefined
    ? readOurs(frontmatter, settings, steps)
    : readPlain(frontmatter, body, folder);
}

function readOurs(frontmatter: Frontmatter, settingsText: string, steps: readonly StepText[]): ReadSkill {
  let settings: { steps?: unknown[] } & Record<string, unknown>;
  try {
    settings = JSON.parse(settingsText);
  } catch (cause) {
    throw new AlfredError('E_VALIDATION', `metadata.${settingsKey} of this SKILL.md is not JSON.`, {
      remedy: `Take it from a fresh export, or delete metadata.${settingsKey} to import a draft of one step.`,
      fields: [{ field: `/files/SKILL.md/metadata/${settingsKey}`, message: 'is not JSON' }],
      cause,
    });
  }
  const definition = validate(
    skillDefinitionSchema,
    {
      description: frontmatter.description,
      ...settings,
      slug: frontmatter.name,
      name: frontmatter.metadata[titleKey] ?? frontmatter.name,
      steps: steps.map((step, index) => ({ id: index + 1, ...asObject(settings.steps?.[index]), ...step })),
    },
    'The skill in this SKILL.md',
  );
  return { definition, warnings: [] };
}

function readPlain(frontmatter: Frontmatter, body: string, folder: SkillFolder): ReadSkill {
  const warnings: string[] = [];
  const { text, left } = references(folder);
  if (left.length > 0) warnings.push(`not read, because it is no text or too long: ${left.join(', ')}`);

  const named = toolNames(frontmatter['allowed-tools']);
  const ours = named.filter((tool) => parseToolName(tool) !== undefined);
  const others = named.filter((tool) => !ours.includes(tool));
  if (others.length > 0) {
    warnings.push(
      `it names tools of another program, which no connection has: ${others.join(', ')}; choose its tools here`,
    );
  }
  if (frontmatter.compatibility !== undefined)
    warnings.push(`it says of itself: ${frontmatter.compatibility}`);

  const definition = validate(
    skillDefinitionSchema,
    {
      slug: slugFrom(frontmatter.name),
      name: titleOf(body) ?? frontmatter.name,
      description: frontmatter.description,
      isActive: false,
      steps: [
        {
          id: 1,
          prompt: body.trim() || frontmatter.description || frontmatter.name,
          ...(text === '' ? {} : { guidance: text }),
          allowedTools: ours,
        },
      ],
    },
    'The skill in this SKILL.md',
  );
  return { definition, warnings };
}

function references(folder: SkillFolder): { text: string; left: string[] } {
  const left: string[] = [];
  let text = '';
  for (const [path, content] of Object.entries(folder).sort(([a], [b]) => a.localeCompare(b))) {
    if (/^skill\.md$/i.test(path)) continue;
    const part = `## ${path}\n\n${content.trim()}\n\n`;
    if (!/\.(md|txt|csv|json|ya?ml)$/i.test(path) || text.length + part.length > referencesLimit)
      left.push(path);
    else text += part;
  }
  return { text: text.trim(), left };
}

const toolNames = (allowed: string | string[] | undefined): string[] =>
  (Array.isArray(allowed) ? allowed : (allowed?.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [])).map((tool) =>
    tool.trim(),
  );

const titleOf = (body: string): string | undefined => /^#\s+(.{1,200})$/m.exec(body)?.[1]?.trim();

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});

function slugFrom(name: string): string {
  if (slugSchema.safeParse(name).success) return name;
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, nameLimit)
    .replace(/^-+|-+$/g, '');
  return slug || 'imported-skill';
}
