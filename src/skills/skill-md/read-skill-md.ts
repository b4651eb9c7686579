import { isRecord } from '../../contract/is-record.ts';
import { bracesPattern, escapePlaceholders } from '../../contract/placeholders.ts';
import {
  fitFolder,
  isFilePath,
  isSkillFile,
  type SkillFiles,
  type SkillFolder,
} from '../../contract/skill-folder.ts';
import { type SkillDefinition, skillDefinitionSchema } from '../../contract/skills.ts';
import { parseToolName } from '../../contract/tool-name.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { validate } from '../../kernel/validate.ts';
import { type Frontmatter, splitFrontmatter } from './frontmatter.ts';
import { slugFrom } from './slug-from.ts';
import { readSteps, type StepText } from './step-text.ts';
import { literalKey, mapTexts, settingsKey, titleKey, toolsKey } from './write-skill-md.ts';

export type ReadSkill = {
  definition: SkillDefinition;
  /** What could not be taken over, in words for a person. */
  warnings: string[];
};

/**
 * Reads a SKILL.md folder. What we wrote comes back equal; a plain skill from elsewhere becomes a draft of one step.
 *
 * @throws AlfredError E_VALIDATION when there is no SKILL.md, it cannot be read, or our settings in it are wrong
 */
export function readSkillMd(folder: SkillFolder): ReadSkill {
  const text = Object.entries(folder).find(([path]) => isSkillFile(path))?.[1];
  if (text === undefined) throw noSkillFile('This folder holds no SKILL.md.', 'holds no SKILL.md');
  if (text === null) throw noSkillFile('The SKILL.md of this folder is no text in UTF-8.', 'has no text');
  const { frontmatter, body } = splitFrontmatter(text);
  const steps = readSteps(body);
  const settings = metadataOf(frontmatter)[settingsKey];
  return typeof settings === 'string' && steps !== undefined
    ? readOurs(frontmatter, settings, steps, folder)
    : readPlain(frontmatter, body, folder);
}

const noSkillFile = (message: string, problem: string): AlfredError =>
  new AlfredError('E_VALIDATION', message, {
    remedy: 'Give the folder that has a SKILL.md at its top, as text in UTF-8.',
    fields: [{ field: '/files', message: problem }],
  });

const metadataOf = ({ others }: Frontmatter): Record<string, unknown> =>
  isRecord(others.metadata) ? others.metadata : {};

/** What is not ours, as a skill keeps it; nothing where there is nothing. */
function keptOf({ others, allowedTools }: Frontmatter): { frontmatter?: Record<string, unknown> } {
  const { metadata, ...rest } = others;
  const theirs = Object.fromEntries(
    Object.entries(isRecord(metadata) ? metadata : {}).filter(([key]) => !key.startsWith('alfred-')),
  );
  const theirTools = allowedTools.filter((tool) => parseToolName(tool) === undefined);
  const kept: Record<string, unknown> = {
    ...rest,
    ...(isRecord(metadata) || metadata == null ? {} : { metadata }),
    ...(Object.keys(theirs).length > 0 ? { metadata: theirs } : {}),
    ...(theirTools.length > 0 ? { [toolsKey]: theirTools.join(' ') } : {}),
  };
  const said = Object.entries(kept).filter(([, value]) => value !== null && value !== undefined);
  return said.length === 0 ? {} : { frontmatter: Object.fromEntries(said) };
}

/** The files beside it, and the paths of those that are not kept; nothing where there are none. */
function filesOf(folder: SkillFolder): { files: { files?: SkillFiles }; left: string[] } {
  const beside = Object.entries(fitFolder(folder)).filter(([path]) => !isSkillFile(path));
  const taken = beside.flatMap(([path, text]): [string, string][] =>
    text !== null && isFilePath(path) ? [[path, text]] : [],
  );
  const kept = new Set(taken.map(([path]) => path));
  return {
    files: taken.length === 0 ? {} : { files: Object.fromEntries(taken) },
    left: Object.keys(folder).filter((path) => !isSkillFile(path) && !kept.has(path)),
  };
}

/** How many names are said. */
const mostNames = 12;

function leftWarnings(left: string[]): string[] {
  if (left.length === 0) return [];
  const more = left.length > mostNames ? ` and ${left.length - mostNames} more` : '';
  return [
    `not kept, because it is no text, hidden or too long: ${left.slice(0, mostNames).join(', ')}${more}`,
  ];
}

function readOurs(
  frontmatter: Frontmatter,
  settingsText: string,
  steps: readonly StepText[],
  folder: SkillFolder,
): ReadSkill {
  const { files, left } = filesOf(folder);
  const metadata = metadataOf(frontmatter);
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
  const literal = String(metadata[literalKey] ?? '').split(' ');
  const definition = validate(
    skillDefinitionSchema,
    {
      description: frontmatter.description,
      ...settings,
      ...keptOf(frontmatter),
      ...files,
      slug: frontmatter.name,
      name: metadata[titleKey] ?? frontmatter.name,
      steps: mapTexts(steps, literal, escapePlaceholders).map((step, index) => ({
        id: index + 1,
        ...asObject(settings.steps?.[index]),
        ...step,
      })),
    },
    'The skill in this SKILL.md',
  );
  return { definition, warnings: leftWarnings(left) };
}

function readPlain(frontmatter: Frontmatter, body: string, folder: SkillFolder): ReadSkill {
  const title = titleOf(body);
  const name = frontmatter.name ?? title;
  if (name === undefined) throw nameless();
  const { slug, isGuessed } = slugFrom(name);
  const { files, left } = filesOf(folder);
  const named = frontmatter.allowedTools;
  const ours = named.filter((tool) => parseToolName(tool) !== undefined);
  const prompt = body.trim() || frontmatter.description;
  const warnings = [
    ...frontmatter.warnings,
    ...(frontmatter.name === undefined ? ['it has no name, so that its title is taken for one'] : []),
    ...(isGuessed
      ? [`its name has no letter that a slug can have, so that it is called ${slug}: choose another`]
      : []),
    ...leftWarnings(left),
    ...toolWarnings(named.filter((tool) => !ours.includes(tool))),
    ...braceWarnings(prompt),
    ...compatibilityOf(frontmatter),
  ];
  const definition = validate(
    skillDefinitionSchema,
    {
      slug,
      name: title ?? name,
      description: frontmatter.description.trim(),
      isActive: false,
      ...keptOf(frontmatter),
      ...files,
      steps: [{ id: 1, prompt: escapePlaceholders(prompt), allowedTools: ours }],
    },
    'The skill in this SKILL.md',
  );
  return { definition, warnings };
}

const nameless = () =>
  new AlfredError('E_VALIDATION', 'This SKILL.md has no name.', {
    remedy: 'Write "name: my-skill" between its lines of three dashes.',
    fields: [{ field: '/files/SKILL.md/name', message: 'is missing' }],
  });

const toolWarnings = (others: string[]): string[] =>
  others.length === 0
    ? []
    : [
        `it names tools of another program, which no connection has: ${others.join(', ')}; choose its tools here`,
      ];

/** Placeholders of another program, which are text here. */
function braceWarnings(text: string): string[] {
  const found = [...new Set([...text.matchAll(bracesPattern)].map(([whole]) => whole))];
  if (found.length === 0) return [];
  const more = found.length > 5 ? ` and ${found.length - 5} more` : '';
  return [
    `${found.slice(0, 5).join(', ')}${more} stand in it as text, written {{!…}}: take the ! out where a run's input shall be filled in`,
  ];
}

const compatibilityOf = ({ others: { compatibility } }: Frontmatter): string[] =>
  compatibility == null || compatibility === ''
    ? []
    : [
        `it says of itself: ${typeof compatibility === 'string' ? compatibility : JSON.stringify(compatibility)}`,
      ];

const titleOf = (body: string): string | undefined => /^#\s+(.{1,200})$/m.exec(body)?.[1]?.trim();

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
