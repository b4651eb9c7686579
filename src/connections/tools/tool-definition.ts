/** What a tool is, and the hash that pins it. */

import { type PinnedTool, type Tool, toolAnnotationsSchema, toolSchema } from '../../contract/connections.ts';
import { isRecord } from '../../contract/is-record.ts';
import { storableJson } from '../../database/storable.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { depthWithin } from './bound-result.ts';
import { foundTool } from './found-tool.ts';
import { modelSchema } from './model-schema.ts';

/** Bounds of one connection's list of tools. */
export const maxTools = 2_000;
const maxNameLength = 200;
const maxDepth = 64;

/** `tool` with the fields that are pinned, and no others. */
export const definitionOf = (tool: Tool): Tool => toolSchema.parse(tool);

export function pin(tool: Tool): PinnedTool {
  const definition = definitionOf(tool);
  return { ...definition, hash: foundTool(definition).hash };
}

/**
 * The tools of a server's answer, each name once. Each is judged by itself: one that no model can be given says why in
 * `unusable`, and takes none away.
 *
 * @throws AlfredError E_NOT_MCP when it is no list, or longer than 2,000
 */
export function readToolList(answer: unknown): Tool[] {
  if (!Array.isArray(answer)) throw refused('it is no list');
  if (answer.length > maxTools) throw refused(`it has ${answer.length} tools, more than ${maxTools}`);
  const byName = new Map<string, Tool>();
  for (const [index, given] of answer.entries()) {
    const tool = readTool(given, index + 1);
    const twin = byName.get(tool.name);
    if (twin !== undefined && pin(twin).hash === pin(tool).hash) continue;
    const name = twin === undefined ? tool.name : `${tool.name} (${index + 1})`;
    byName.set(
      name,
      twin === undefined
        ? tool
        : {
            name,
            inputSchema: {},
            unusable: 'the server offers another tool of the same name, which is used',
          },
    );
  }
  return [...byName.values()];
}

function readTool(given: unknown, place: number): Tool {
  const nameless = `tool ${place}`;
  if (!isRecord(given)) return unusable(nameless, 'it is no object');
  const { name } = given;
  if (typeof name !== 'string' || name === '') return unusable(nameless, 'it has no name');
  if (name.length > maxNameLength)
    return unusable(
      `${name.slice(0, 60)}… (${place})`,
      `its name is longer than ${maxNameLength} characters`,
    );
  if (!depthWithin(given, maxDepth)) return unusable(name, 'its definition is nested too deeply');
  const tool = storableJson(given);
  const { title, description, outputSchema, annotations, execution } = isRecord(tool) ? tool : {};
  const inputSchema = (isRecord(tool) ? tool.inputSchema : undefined) ?? {};
  if (!isRecord(inputSchema)) return unusable(name, 'its "inputSchema" is no object');
  const { problem } = modelSchema(inputSchema);
  const needsTask = isRecord(execution) && execution.taskSupport === 'required';
  const why = needsTask ? 'it can be called as a task alone, which is not supported' : problem;
  return {
    name: storableName(name),
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema: withObject(inputSchema),
    ...(isRecord(outputSchema) ? { outputSchema } : {}),
    ...(isRecord(annotations) ? { annotations: annotationsOf(annotations) } : {}),
    ...(why === undefined ? {} : { unusable: why }),
  };
}

const storableName = (name: string): string => String(storableJson(name));

const unusable = (name: string, why: string): Tool => ({
  name: storableName(name),
  inputSchema: {},
  unusable: why,
});

/** A schema without a type is meant to be of an object: the protocol has no other. */
const withObject = (schema: Record<string, unknown>): Record<string, unknown> =>
  schema.type === undefined && !['$ref', 'allOf', 'anyOf', 'oneOf'].some((keyword) => keyword in schema)
    ? { type: 'object', ...schema }
    : schema;

/** Those that are of the right kind; the others say nothing. */
const annotationsOf = (annotations: Record<string, unknown>): NonNullable<Tool['annotations']> =>
  toolAnnotationsSchema.parse(
    Object.fromEntries(
      Object.entries(annotations).filter(
        ([name, value]) => toolAnnotationsSchema.safeParse({ [name]: value }).success,
      ),
    ),
  );

const refused = (why: string) =>
  new AlfredError('E_NOT_MCP', `Its list of tools cannot be used: ${why}.`, {
    remedy: 'Report it to whoever makes the server; another version of it may do.',
  });
