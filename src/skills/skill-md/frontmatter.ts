/**
 * The frontmatter of a SKILL.md (agentskills.io/specification): `name`, `description`, and optionally `license`,
 * `compatibility`, `metadata` (text to text) and `allowed-tools`.
 */

import { parseDocument, stringify } from 'yaml';
import { z } from 'zod';
import { AlfredError } from '../../kernel/errors.ts';
import { fieldErrors } from '../../kernel/validate.ts';

/** Limits of the specification, in characters. */
export const nameLimit = 64;
export const descriptionLimit = 1024;

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const frontmatterSchema = z.looseObject({
  name: z.string().min(1),
  description: z.string().default(''),
  license: scalar.optional(),
  compatibility: scalar.optional(),
  metadata: z.record(z.string(), scalar).default({}),
  'allowed-tools': z.union([z.string(), z.array(z.string())]).optional(),
});
export type Frontmatter = z.infer<typeof frontmatterSchema>;

const wrong = (why: string, field = '/files/SKILL.md') =>
  new AlfredError('E_VALIDATION', `This SKILL.md cannot be read: ${why}.`, {
    remedy:
      'It begins with a line of three dashes, then name and description as YAML, then three dashes again.',
    fields: [{ field, message: why }],
  });

/**
 * Takes a SKILL.md apart.
 *
 * @throws AlfredError E_VALIDATION when there is no frontmatter, it is not YAML, or it lacks a name
 */
export function splitFrontmatter(text: string): { frontmatter: Frontmatter; body: string } {
  const [, yaml, body] =
    /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(text) ?? [];
  if (yaml === undefined) throw wrong('it has no frontmatter');
  // No aliases: a few lines of them can stand for gigabytes.
  const document = parseDocument(yaml, { schema: 'core', merge: false, uniqueKeys: true });
  const problem = document.errors[0];
  if (problem) throw wrong(`its frontmatter is not YAML (${problem.message.split('\n')[0]})`);
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: 0 });
  } catch {
    throw wrong('its frontmatter uses YAML aliases');
  }
  const parsed = frontmatterSchema.safeParse(data);
  if (!parsed.success) {
    const [issue] = fieldErrors(parsed.error.issues);
    throw wrong(`"${issue?.field.slice(1).replaceAll('/', '.') ?? ''}" ${issue?.message ?? 'is wrong'}`);
  }
  return { frontmatter: parsed.data, body: (body ?? '').replaceAll('\r\n', '\n') };
}

/** Puts a SKILL.md together. */
export function joinFrontmatter(fields: Record<string, unknown>, body: string): string {
  return `---\n${stringify(fields, { lineWidth: 0, schema: 'core' })}---\n\n${body}`;
}
