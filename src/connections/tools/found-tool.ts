/**
 * A tool as it was found: in the canonical JSON that its hash is over. It is made once, where the tool is read, and is what is
 * hashed, signed, kept and answered with: the largest documents have a thousand tools of eight million characters, and
 * walking through their schemas for each of these takes longer than reading them.
 */
import { createHash } from 'node:crypto';
import type { Tool } from '../../contract/connections.ts';
import { sha256 } from '../../kernel/hash.ts';
import { DefinitionWriter, type Written } from './definition-writer.ts';

export type FoundTool = Pick<Tool, 'name' | 'unusable' | 'scopes'> &
  Written & {
    /** SHA-256, hex, over all fields but `scopes`: what a sign-in needs for it changes nothing that it does. */
    hash: string;
  };

/** In bytes: what most tools have, one by one. */
const usualSize = 4 * 1024;

/**
 * @param tool with the fields that are pinned, and no others
 * @param writer for many tools: one for all of them
 */
export function foundTool(tool: Tool, writer = new DefinitionWriter(usualSize)): FoundTool {
  const { name, unusable, scopes } = tool;
  const written = writer.write(tool);
  return {
    ...{ name, ...written, hash: hashOfDefinition(written) },
    ...(unusable === undefined ? {} : { unusable }),
    ...(scopes === undefined ? {} : { scopes }),
  };
}

/** Its name stands before its scopes, and a comma between them. */
const beforeScopes = ',"scopes":'.length;

function hashOfDefinition({ definition, fields: { scopes } }: Written): string {
  if (scopes === undefined) return sha256(definition).toString('hex');
  const [from, to] = scopes;
  return createHash('sha256')
    .update(definition.subarray(0, from - beforeScopes))
    .update(definition.subarray(to))
    .digest('hex');
}

/** Its definition as canonical JSON. */
export const definitionText = ({ definition }: Pick<FoundTool, 'definition'>): string =>
  Buffer.from(definition.buffer, definition.byteOffset, definition.byteLength).toString();

/** Its definition as data. */
export const readDefinition = (tool: Pick<FoundTool, 'definition'>): Tool => JSON.parse(definitionText(tool));

/** The canonical JSON of each of its fields. */
export const fieldsOf = ({
  definition,
  fields,
}: Pick<FoundTool, 'definition' | 'fields'>): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, [from, to]]) => [name, definition.subarray(from, to)]),
  );
