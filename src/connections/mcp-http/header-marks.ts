/**
 * The marks by which a server asks for an argument in a header as well (`x-mcp-header`, SEP-2243). A tool whose marks are not as the
 * protocol of 2026-07-28 has them must not be called: what stands between would go by a header that says nothing, or another's.
 */
import type { Tool } from '../../contract/connections.ts';
import { isRecord } from '../../contract/is-record.ts';

const mark = 'x-mcp-header';

/** A header's name (RFC 9110, section 5.1). */
const headerName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const markable = ['string', 'integer', 'boolean'];

/** Keywords whose values are data, and no schemas. */
const data = new Set(['const', 'default', 'enum', 'examples', 'properties']);

/** The tool, and that it is off where its marks are wrong. */
export function withCheckedMarks(tool: Tool): Tool {
  if (tool.unusable !== undefined || !JSON.stringify(tool.inputSchema).includes(`"${mark}"`)) return tool;
  const problem = problemIn(tool.inputSchema, new Set(), 'root');
  return problem === undefined ? tool : { ...tool, unusable: problem };
}

/**
 * @param used names of headers so far, in lower case
 * @param place how the schema is reached: by `properties` alone, or otherwise
 */
function problemIn(
  schema: unknown,
  used: Set<string>,
  place: 'root' | 'property' | 'elsewhere',
): string | undefined {
  if (Array.isArray(schema)) return firstOf(schema, (one) => problemIn(one, used, 'elsewhere'));
  if (!isRecord(schema)) return undefined;
  const own = mark in schema ? problemOf(schema, used, place) : undefined;
  if (own !== undefined) return own;
  const inside = place === 'elsewhere' ? place : 'property';
  return (
    firstOf(Object.values(isRecord(schema.properties) ? schema.properties : {}), (one) =>
      problemIn(one, used, inside),
    ) ??
    firstOf(
      Object.entries(schema).filter(([keyword]) => !data.has(keyword) && keyword !== mark),
      ([, one]) => problemIn(one, used, 'elsewhere'),
    )
  );
}

function problemOf(schema: Record<string, unknown>, used: Set<string>, place: string): string | undefined {
  const { [mark]: name, type } = schema;
  if (place !== 'property') return 'it asks for a header where no argument of its own stands';
  if (typeof name !== 'string' || !headerName.test(name)) return 'it asks for a header that cannot be one';
  if (typeof type !== 'string' || !markable.includes(type))
    return 'it asks for a header with something else than a text, a whole number or a yes or no';
  if (used.has(name.toLowerCase())) return 'it asks for one header twice';
  used.add(name.toLowerCase());
  return undefined;
}

function firstOf<Item>(items: readonly Item[], look: (item: Item) => string | undefined): string | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
