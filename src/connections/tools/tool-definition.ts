/** What a tool is, and the hash that pins it. */

import { z } from 'zod';
import { type PinnedTool, type Tool, toolSchema } from '../../contract/connections.ts';
import { storableJson } from '../../database/storable.ts';
import { AlfredError } from '../../kernel/errors.ts';
import { hashOf } from '../../kernel/hash.ts';
import { fieldErrors } from '../../kernel/validate.ts';
import { depthWithin } from './bound-result.ts';

/** Bounds of one connection's list of tools. */
const maxTools = 2_000;
const maxNameLength = 200;
const maxDepth = 64;

/** `tool` with the fields that are pinned, and no others. */
export const definitionOf = (tool: Tool): Tool => toolSchema.parse(tool);

/** SHA-256, hex, over name, title, description, schemas and annotations. */
export const hashOfTool = (tool: Tool): string => hashOf(definitionOf(tool)).toString('hex');

export const pin = (tool: Tool): PinnedTool => ({ ...definitionOf(tool), hash: hashOfTool(tool) });

/**
 * The tools of a server's answer, each name once.
 *
 * @throws AlfredError E_NOT_MCP when the list breaks the protocol or our bounds
 */
export function readToolList(answer: unknown): Tool[] {
  if (!depthWithin(answer, maxDepth)) throw refused('a definition is nested too deeply');
  const parsed = z.array(toolSchema).max(maxTools).safeParse(storableJson(answer));
  if (!parsed.success) {
    const [issue] = fieldErrors(parsed.error.issues);
    throw refused(`${issue?.field ?? ''} ${issue?.message ?? 'is no list'}`);
  }
  const byName = new Map<string, Tool>();
  for (const tool of parsed.data) {
    if (tool.name === '' || tool.name.length > maxNameLength) throw refused('a tool has no usable name');
    if (byName.has(tool.name)) throw refused(`two tools are called ${tool.name}`);
    byName.set(tool.name, tool);
  }
  return [...byName.values()];
}

const refused = (why: string) =>
  new AlfredError('E_NOT_MCP', `Its list of tools cannot be used: ${why}.`, {
    remedy: 'Report it to whoever makes the server; another version of it may do.',
  });
