/** Skills as other programs see them: each that may be run is a tool. */
import type { Tool } from '@modelcontextprotocol/server';
import { type CatalogEntry, readCatalog } from '../connections/tools/catalog.ts';
import { isRecord } from '../contract/is-record.ts';
import { findPlaceholders } from '../contract/placeholders.ts';
import type { Step } from '../contract/skills.ts';
import { parseToolName } from '../contract/tool-name.ts';
import type { Database } from '../database/client.ts';
import { definitionOf } from '../skills/skill-row.ts';
import { rowGuardOf } from '../vault/row-guard.ts';
import type { McpCaller } from './caller.ts';

/** Every skill that the caller may run, as a tool of its slug's name. A draft, and one that somebody else changed, is none. */
export async function listSkillTools({ prisma }: Database, { skills }: McpCaller): Promise<Tool[]> {
  const rows = await prisma.skill.findMany({
    where: {
      isActive: true,
      isSystem: false,
      ...(skills === undefined ? {} : { slug: { in: [...skills] } }),
    },
    orderBy: { slug: 'asc' },
  });
  const guard = rowGuardOf(prisma);
  const catalog = await readCatalog(prisma);
  return rows
    .filter((row) => guard.isIntact('skills', row))
    .map((row) => {
      const { name, description, steps, inputSchema } = definitionOf(row);
      const isReadOnly = steps.every((step) => onlyReads(step, catalog));
      return {
        name: row.slug,
        title: name,
        description:
          description === undefined || description === '' ? `Runs the skill "${name}".` : description,
        inputSchema: toolSchema(inputSchema ?? undefined, steps),
        annotations: {
          title: name,
          readOnlyHint: isReadOnly,
          destructiveHint: !isReadOnly,
          idempotentHint: false,
          openWorldHint: true,
        },
      };
    });
}

/** Whether every tool that a step may use says of itself that it changes nothing. */
function onlyReads({ allowedTools }: Step, catalog: ReadonlyMap<string, CatalogEntry>): boolean {
  return allowedTools.every((name) => {
    const parsed = parseToolName(name);
    const tools = parsed && catalog.get(parsed.connection)?.tools;
    const meant = tools?.filter(({ name: tool }) => parsed?.tool === '*' || tool === parsed?.tool) ?? [];
    return meant.length > 0 && meant.every(({ annotations }) => annotations?.readOnlyHint === true);
  });
}

/**
 * The schema as clients take it: `type: "object"` at its root, without which the SDK's clients refuse the whole list of
 * tools. A skill without a schema asks for what its prompts have placeholders for.
 */
function toolSchema(
  schema: Readonly<Record<string, unknown>> | undefined,
  steps: readonly Pick<Step, 'prompt' | 'guidance'>[],
): Tool['inputSchema'] {
  if (schema !== undefined) return { ...withoutHeaders(schema), type: 'object' };
  const names = steps
    .flatMap(({ prompt, guidance }) => findPlaceholders(`${prompt}\n${guidance ?? ''}`))
    .map((placeholder) => placeholder.split('.').filter((part, at) => at > 0 || part !== 'input')[0])
    .filter((name) => name !== undefined);
  const asked = [...new Set(names)];
  return {
    type: 'object',
    ...(asked.length === 0
      ? {}
      : { properties: Object.fromEntries(asked.map((name) => [name, {}])), required: asked }),
  };
}

/** Keywords whose values are data, and no schemas. */
const data = new Set(['const', 'default', 'enum', 'examples']);

/**
 * A schema without `x-mcp-header` (SEP-2243): by it clients send an argument in a header as well, for gateways before a server, and
 * the server must refuse a call in which the two differ. There are none before this one, and headers end in their logs.
 */
function withoutHeaders(schema: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const bare = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(bare);
    return isRecord(value) ? withoutHeaders(value) : value;
  };
  return Object.fromEntries(
    Object.entries(schema)
      // A property may be called so: it is a schema then, and no text.
      .filter(([key, value]) => key !== 'x-mcp-header' || typeof value !== 'string')
      .map(([key, value]) => [key, data.has(key) ? value : bare(value)]),
  );
}
