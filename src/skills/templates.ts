/** Templates: SKILL.md folders of the repository. They are files, not rows. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SkillDefinition } from '../contract/skills.ts';
import { type TemplateConnection, templateConnectionSchema } from '../contract/templates.ts';
import { AlfredError } from '../kernel/errors.ts';
import { installation } from '../kernel/installation.ts';
import { splitFrontmatter } from './skill-md/frontmatter.ts';
import { readSkillMd } from './skill-md/read-skill-md.ts';

const templatesFolder = path.join(installation, 'templates');

/** Where a template names its connections, and whether they need an account, in `metadata`. */
const connectionsKey = 'alfred-connections';
const accountKey = 'alfred-needs-account';

export type SkillTemplate = {
  id: string;
  definition: SkillDefinition;
  connections: TemplateConnection[];
  needsAccount: boolean;
  /** What one run of it may give, in Markdown: `sample.md` beside it. */
  sample: string;
};

/** Every template, in the order of their names. */
export async function readTemplates(folder = templatesFolder): Promise<SkillTemplate[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const ids = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return await Promise.all(ids.sort().map((id) => readTemplateFiles(path.join(folder, id), id)));
}

/**
 * One template.
 *
 * @throws AlfredError E_NOT_FOUND naming the templates that there are
 */
export async function readTemplate(id: string, folder = templatesFolder): Promise<SkillTemplate> {
  const templates = await readTemplates(folder);
  const template = templates.find((candidate) => candidate.id === id);
  if (template) return template;
  throw new AlfredError('E_NOT_FOUND', `There is no template "${id}".`, {
    remedy: `Use one of: ${templates.map((candidate) => candidate.id).join(', ')}.`,
  });
}

async function readTemplateFiles(folder: string, id: string): Promise<SkillTemplate> {
  const [text, sample] = await Promise.all([
    readFile(path.join(folder, 'SKILL.md'), 'utf8'),
    readFile(path.join(folder, 'sample.md'), 'utf8'),
  ]);
  const { others } = splitFrontmatter(text).frontmatter;
  const metadata = z.record(z.string(), z.unknown()).parse(others.metadata ?? {});
  const { definition } = readSkillMd({ 'SKILL.md': text });
  return {
    id,
    definition,
    connections: z
      .array(templateConnectionSchema)
      .parse(JSON.parse(String(metadata[connectionsKey] ?? '[]'))),
    needsAccount: String(metadata[accountKey]) === 'true',
    sample,
  };
}
