/**
 * The frontmatter of a SKILL.md (agentskills.io/specification): `name`, `description`, and optionally `license`,
 * `compatibility`, `metadata` and `allowed-tools`. What people write is read as far as it can be, and what is not ours is kept.
 */

import { parseDocument, stringify } from 'yaml';
import { isRecord } from '../../contract/is-record.ts';
import { AlfredError } from '../../kernel/errors.ts';

/** Limits of the specification, in characters. */
export const nameLimit = 64;
export const descriptionLimit = 1024;

export type Frontmatter = {
  /** Undefined where it has none. */
  name: string | undefined;
  description: string;
  allowedTools: string[];
  /** All of it but these, as it was written. */
  others: Record<string, unknown>;
  /** What had to be guessed, each the end of a sentence. */
  warnings: string[];
};

const wrong = (why: string, field = '/files/SKILL.md') =>
  new AlfredError('E_VALIDATION', `This SKILL.md cannot be read: ${why}.`, {
    remedy:
      'It begins with a line of three dashes, then name and description as YAML, then three dashes again.',
    fields: [{ field, message: why }],
  });

/** @returns the value; undefined where it is no YAML, or uses aliases: a few lines of them can stand for gigabytes */
function readYaml(yaml: string): { value: unknown } | undefined {
  const document = parseDocument(yaml, { schema: 'core', merge: false, uniqueKeys: false });
  if (document.errors.length > 0) return undefined;
  try {
    return { value: document.toJS({ maxAliasCount: 0 }) };
  } catch {
    return undefined;
  }
}

/**
 * Key by key, where the whole is no YAML: a plain text with a colon or a bracket in it is what people mean by
 * `description: Use when: …`.
 */
function readLoosely(yaml: string): { fields: Record<string, unknown>; guessed: string[] } {
  const fields: Record<string, unknown> = {};
  const guessed: string[] = [];
  for (const block of yaml.split(/\n(?=[A-Za-z_][\w-]*[ \t]*:(?:[ \t]|$|\n))/)) {
    const [, key, rest = ''] = /^\s*([A-Za-z_][\w-]*)[ \t]*:([\s\S]*)$/.exec(block) ?? [];
    if (key === undefined) {
      if (block.trim() !== '') guessed.push('a line without a key');
      continue;
    }
    const read = readYaml(block);
    if (isRecord(read?.value) && Object.hasOwn(read.value, key)) {
      fields[key] = read.value[key];
      continue;
    }
    fields[key] = rest
      .trim()
      .replace(/\s*\n\s*/g, ' ')
      .replace(/^(["'])(.*)\1$/, '$2');
    guessed.push(`"${key}"`);
  }
  return { fields, guessed };
}

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join(', ');
  return undefined;
};

const toolNames = (allowed: unknown): string[] =>
  (Array.isArray(allowed)
    ? allowed.map((tool) => textOf(tool) ?? '')
    : (textOf(allowed)?.match(/[^\s,(]+(?:\([^)]*\))?/g) ?? [])
  )
    .map((tool) => tool.trim())
    .filter((tool) => tool !== '');

/**
 * Takes a SKILL.md apart.
 *
 * @throws AlfredError E_VALIDATION when there is no frontmatter, none that holds anything, or nothing is said to be done
 */
export function splitFrontmatter(text: string): { frontmatter: Frontmatter; body: string } {
  const [, yaml, body] =
    /^\uFEFF?---[ \t]*\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(text) ?? [];
  if (yaml === undefined) throw wrong('it has no frontmatter');
  const plain = yaml.replaceAll('\r\n', '\n');
  const read = readYaml(plain);
  const { fields, guessed } = isRecord(read?.value)
    ? { fields: read.value, guessed: [] }
    : readLoosely(plain);
  if (Object.keys(fields).length === 0) throw wrong('its frontmatter holds no field');
  const { name, description, 'allowed-tools': allowed, ...others } = fields;
  if (!textOf(description)?.trim() && !body?.trim()) throw wrong('it does not say what to do');
  const warnings =
    guessed.length === 0 ? [] : [`its frontmatter is not YAML; ${guessed.join(', ')} was read as plain text`];
  return {
    frontmatter: {
      name: textOf(name)?.trim() || undefined,
      description: textOf(description) ?? '',
      allowedTools: toolNames(allowed),
      others,
      warnings,
    },
    body: (body ?? '').replaceAll('\r\n', '\n'),
  };
}

/** Puts a SKILL.md together. */
export function joinFrontmatter(fields: Record<string, unknown>, body: string): string {
  return `---\n${stringify(fields, { lineWidth: 0, schema: 'core' })}---\n\n${body}`;
}
